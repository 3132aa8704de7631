package dev.bastion.audit.ledger;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The chain hash of one entry: SHA-256 over the hash before it and all its fields. Immutable.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record EntryHash(String hex) {

    static final int BYTES = 32;

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    /** Stands before the first entry. */
    public static final EntryHash NONE = new EntryHash("0".repeat(2 * BYTES));

    public EntryHash {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("hex is not a SHA-256 hash: '" + hex + "'");
        }
    }

    static EntryHash of(byte[] bytes) {
        return new EntryHash(HexFormat.of().formatHex(bytes));
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
