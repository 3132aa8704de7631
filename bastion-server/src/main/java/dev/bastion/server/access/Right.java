package dev.bastion.server.access;

import dev.bastion.server.identity.InvalidValueException;
import java.util.Locale;

/** What a grant lets somebody do at a target. */
public enum Right {
    SHELL,
    EXEC,
    SFTP_READ,
    SFTP_WRITE,
    FORWARD,
    AGENT;

    /**
     * Reads the word that people type.
     *
     * @throws InvalidValueException when there is no such right
     */
    public static Right parse(String word) {
        for (Right right : values()) {
            if (right.word().equals(word)) {
                return right;
            }
        }
        throw new InvalidValueException(
                "'"
                        + word
                        + "' is not a right: choose from shell, exec, sftp-read, sftp-write,"
                        + " forward, agent");
    }

    /** The word that people type, e.g. {@code sftp-read}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
