package dev.bastion.menu;

import java.text.Normalizer;

/** Folds text for searching: lower case, no accents, and every index where it was. */
final class FoldedText {

    private FoldedText() {}

    /** The folded text; index i of it belongs to index i of the given text. */
    static String of(String text) {
        StringBuilder folded = null;
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (c >= 'A' && c <= 'Z') {
                    folded = folded == null ? new StringBuilder(text) : folded;
                    folded.setCharAt(i, (char) (c + 32));
                }
                i++;
                continue;
            }
            int codePoint = text.codePointAt(i);
            int length = Character.charCount(codePoint);
            int base = fold(codePoint);
            if (base != codePoint && Character.charCount(base) == length) {
                folded = folded == null ? new StringBuilder(text) : folded;
                folded.replace(i, i + length, Character.toString(base));
            }
            i += length;
        }
        return folded == null ? text : folded.toString();
    }

    private static int fold(int codePoint) {
        String character = Character.toString(codePoint);
        int base = codePoint;
        if (Character.getType(codePoint) != Character.OTHER_LETTER) {
            base = Normalizer.normalize(character, Normalizer.Form.NFKD).codePointAt(0);
        }
        return Character.toLowerCase(base);
    }
}
