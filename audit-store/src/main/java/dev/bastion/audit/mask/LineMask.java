package dev.bastion.audit.mask;

import java.util.regex.Pattern;

/**
 * Masks the lines of one session, in their order: behind the first line of a private key, the lines
 * that can be its text are masked too. Confined to one thread.
 */
public final class LineMask {

    /** Lines of a private key; one that goes on is taken to be over. */
    private static final int LONGEST_KEY_LINES = 200;

    private static final Pattern BEGIN =
            Pattern.compile("-----BEGIN [A-Z ]{0,40}?PRIVATE KEY(?: BLOCK)?+-----\\s*+$");

    /** So that no command can hide behind the first line of a key: base64, and long or padded. */
    private static final Pattern TEXT =
            Pattern.compile(
                    "\\s*+(?:[A-Za-z0-9+/]{24,}+={0,2}|[A-Za-z0-9+/]{2,}+={1,2}"
                            + "|=[A-Za-z0-9+/]{4}"
                            + "|(?:Proc-Type|DEK-Info|Version|Comment): [\\w .,-]{1,80}+)\\s*+");

    private static final Pattern END =
            Pattern.compile("\\s*+-----END [A-Z ]{0,40}?PRIVATE KEY(?: BLOCK)?+-----\\s*+");

    private final SecretMask mask;
    private int keyLines;

    /** {@code mask} says what is masked in each line alone. */
    public LineMask(SecretMask mask) {
        this.mask = mask;
    }

    /** The line without its secrets. */
    public Masked mask(String line) {
        if (keyLines > 0) {
            keyLines--;
            if (TEXT.matcher(line).matches()) {
                return new Masked(SecretMask.MARK, "private-key");
            }
            if (END.matcher(line).matches()) {
                keyLines = 0;
                return new Masked(SecretMask.MARK, "private-key");
            }
            keyLines = line.isBlank() ? keyLines : 0;
        }
        if (line.contains("PRIVATE KEY") && BEGIN.matcher(line).find()) {
            keyLines = LONGEST_KEY_LINES;
        }
        return mask.mask(line);
    }
}
