package dev.bastion.server.identity;

import java.util.Locale;

/** What a user may do at the bastion itself. A user may have several. */
public enum Role {
    /** Reaches hosts. */
    OPERATOR,
    /** Reads the audit log. Changes nothing. */
    AUDITOR,
    /** Keeps users, hosts, accounts and grants; reads the audit log, which is itself recorded. */
    ADMIN;

    /**
     * Reads the word that people type.
     *
     * @throws InvalidValueException when there is no such role
     */
    public static Role parse(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new InvalidValueException(
                "'" + word + "' is not a role: choose from operator, auditor, admin");
    }

    /** The word that people type. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
