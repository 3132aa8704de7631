package dev.bastion.audit.line;

import java.util.regex.Pattern;

/**
 * Command lines that themselves say that something in them reads without an echo, perhaps without a
 * word: {@code read -s} of bash, zsh and fish, {@code stty -echo}, Python's {@code getpass}.
 * Stateless.
 */
final class UnseenInput {

    /** Bounded, so that its cost grows with the length of the line and no faster. */
    private static final Pattern READS =
            Pattern.compile(
                    "\\bread\\b[^;&|]{0,100}?\\s(?:-[a-zA-Z]{0,8}s|--silent\\b)"
                            + "|\\bstty\\b[^;&|]{0,100}?\\s-echo\\b"
                            + "|\\bgetpass\\b");

    private UnseenInput() {}

    /** Whether this command may take what was typed ahead as a secret, and show nothing. */
    static boolean isReadBy(String command) {
        return READS.matcher(command).find();
    }
}
