package dev.bastion.server.tap;

/**
 * UTF-8 to code points, a byte at a time, across chunks (RFC 3629). Malformed bytes become U+FFFD,
 * also overlong forms, in which a control character could hide; a sequence cut short is dropped.
 * Confined to its owner's lock.
 */
final class Utf8Decoder {

    /** More bytes are needed. */
    static final int INCOMPLETE = -1;

    private static final int REPLACEMENT = 0xFFFD;

    private int point;
    private int missing;
    private int least;

    /** Whether bytes were taken that are no whole character yet. */
    boolean isPartial() {
        return missing > 0;
    }

    /** The code point that this byte completes, or {@link #INCOMPLETE}. */
    int next(byte value) {
        int octet = value & 0xFF;
        if (missing > 0 && (octet & 0xC0) == 0x80) {
            point = (point << 6) | (octet & 0x3F);
            missing--;
            if (missing > 0) {
                return INCOMPLETE;
            }
            boolean surrogate =
                    point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            return point >= least && point <= Character.MAX_CODE_POINT && !surrogate
                    ? point
                    : REPLACEMENT;
        }
        missing = 0;
        if (octet < 0x80) {
            return octet;
        }
        if ((octet & 0xE0) == 0xC0) {
            point = octet & 0x1F;
            missing = 1;
            least = 0x80;
        } else if ((octet & 0xF0) == 0xE0) {
            point = octet & 0x0F;
            missing = 2;
            least = 0x800;
        } else if ((octet & 0xF8) == 0xF0) {
            point = octet & 0x07;
            missing = 3;
            least = 0x10000;
        } else {
            return REPLACEMENT;
        }
        return INCOMPLETE;
    }
}
