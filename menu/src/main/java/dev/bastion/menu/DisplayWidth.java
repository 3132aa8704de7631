package dev.bastion.menu;

import org.jline.utils.WCWidth;

/** How many columns text takes on a terminal: 2 for wide (CJK, emoji), 0 for combining. */
public final class DisplayWidth {

    private DisplayWidth() {}

    /** The columns of one code point, 0 to 2; 0 for what cannot be shown. */
    public static int of(int codePoint) {
        if (codePoint >= 0x20 && codePoint < 0x7f) {
            return 1;
        }
        return Math.max(0, WCWidth.wcwidth(codePoint));
    }

    /** The columns of a text, code point by code point. */
    public static int of(String text) {
        int columns = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            columns += of(codePoint);
            i += Character.charCount(codePoint);
        }
        return columns;
    }
}
