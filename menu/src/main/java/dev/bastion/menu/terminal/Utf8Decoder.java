package dev.bastion.menu.terminal;

/**
 * UTF-8 one byte at a time, by the table of well-formed sequences of the Unicode standard (3.9):
 * what is malformed is dropped. Confined to one thread.
 */
final class Utf8Decoder {

    /** No character ends with this byte. */
    static final int NONE = -1;

    private int codePoint;
    private int missing;
    private int lowest;
    private int highest;

    boolean isPartial() {
        return missing > 0;
    }

    void reset() {
        missing = 0;
    }

    /** The code point that this byte ends, or {@link #NONE}. */
    int accept(int b) {
        if (missing > 0 && b >= lowest && b <= highest) {
            codePoint = codePoint << 6 | (b & 0x3f);
            lowest = 0x80;
            highest = 0xbf;
            missing--;
            return missing == 0 ? codePoint : NONE;
        }
        missing = 0;
        if (b < 0x80) {
            return b;
        }
        if (b >= 0xc2 && b <= 0xdf) {
            return start(b & 0x1f, 1, 0x80, 0xbf);
        }
        if (b >= 0xe0 && b <= 0xef) {
            return start(b & 0x0f, 2, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf);
        }
        if (b >= 0xf0 && b <= 0xf4) {
            return start(b & 0x07, 3, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf);
        }
        return NONE;
    }

    private int start(int bits, int following, int low, int high) {
        codePoint = bits;
        missing = following;
        lowest = low;
        highest = high;
        return NONE;
    }
}
