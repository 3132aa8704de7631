package dev.bastion.menu;

import java.text.Normalizer;

/**
 * Makes foreign text safe to show: no control characters, no escape sequences, nothing that turns
 * the writing direction or hides, and only characters whose width all terminals agree on.
 */
final class SafeText {

    /** Stands for a character that must not reach a terminal. */
    static final int REPLACEMENT = 0xFFFD;

    /** More marks on one character than any language needs are dropped. */
    private static final int MAX_MARKS = 2;

    private static final int REGIONAL_INDICATOR_A = 0x1F1E6;
    private static final int REGIONAL_INDICATOR_Z = 0x1F1FF;

    private SafeText() {}

    /**
     * The text as it may be shown, cut to a number of UTF-16 units.
     *
     * @param maxLength in UTF-16 units, before composition
     */
    static String of(String raw, int maxLength) {
        String text = raw.length() <= maxLength ? raw : raw.substring(0, maxLength);
        if (isPlain(text)) {
            return text;
        }
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        StringBuilder safe = new StringBuilder(composed.length());
        int marks = 0;
        for (int i = 0; i < composed.length(); ) {
            int codePoint = composed.codePointAt(i);
            i += Character.charCount(codePoint);
            int shown = shown(codePoint);
            if (shown < 0) {
                continue;
            }
            if (DisplayWidth.of(shown) == 0) {
                marks++;
                if (safe.isEmpty() || marks > MAX_MARKS) {
                    continue;
                }
            } else {
                marks = 0;
            }
            safe.appendCodePoint(shown);
        }
        return safe.toString();
    }

    /** What to show for a code point: itself, another, or -1 for nothing. */
    static int shown(int codePoint) {
        if (codePoint >= 0x20 && codePoint < 0x7f) {
            return codePoint;
        }
        if (codePoint >= REGIONAL_INDICATOR_A && codePoint <= REGIONAL_INDICATOR_Z) {
            return 'A' + codePoint - REGIONAL_INDICATOR_A;
        }
        if (isVariation(codePoint) || (codePoint >= 0x1F3FB && codePoint <= 0x1F3FF)) {
            return -1; // terminals disagree on the width of what these join to
        }
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR -> ' ';
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    REPLACEMENT;
            case Character.FORMAT -> isJoiner(codePoint) ? -1 : REPLACEMENT;
            default -> codePoint;
        };
    }

    private static boolean isVariation(int codePoint) {
        return (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
                || (codePoint >= 0xE0100 && codePoint <= 0xE01EF);
    }

    private static boolean isJoiner(int codePoint) {
        return codePoint == 0x200C || codePoint == 0x200D || codePoint == 0x00AD;
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
