package dev.bastion.menu;

/**
 * Ranks how well a typed word fits a text. Both must be folded ({@link FoldedText}). Pure.
 *
 * <p>Best first: the whole text, its beginning, the beginning of a word in it, anywhere in one
 * piece, and last the letters in order with gaps. A word that fits still fits when its last letter
 * is taken away, so a longer filter only ever narrows.
 */
final class FuzzyMatcher {

    static final int NO_MATCH = 0;
    static final int EXACT = 1000;
    static final int PREFIX = 800;
    static final int WORD_START = 650;
    static final int CONTIGUOUS = 500;

    /** The best that letters with gaps between them can get. */
    static final int SCATTERED = 300;

    private static final int[] NONE = {};

    private FuzzyMatcher() {}

    /** From {@link #NO_MATCH} to {@link #EXACT}; within a kind the shorter text is better. */
    static int score(String word, String text) {
        if (word.length() > text.length() || word.isEmpty()) {
            return NO_MATCH;
        }
        int at = text.indexOf(word);
        if (at >= 0) {
            return contiguous(word, text, at);
        }
        int[] positions = scattered(word, text);
        if (positions.length == 0) {
            return NO_MATCH;
        }
        int span = positions[positions.length - 1] - positions[0] + 1;
        int starts = 0;
        for (int position : positions) {
            starts += isWordStart(text, position) ? 1 : 0;
        }
        int gaps = Math.min(150, 10 * (span - word.length()));
        return Math.min(SCATTERED, 200 + 100 * starts / word.length() - gaps);
    }

    /** The indexes in the text that the word's letters fell on, or none. */
    static int[] positions(String word, String text) {
        if (word.isEmpty() || word.length() > text.length()) {
            return NONE;
        }
        int at = text.indexOf(word);
        if (at < 0) {
            return scattered(word, text);
        }
        int start = wordStart(word, text, at);
        return range(start >= 0 ? start : at, word.length());
    }

    private static int contiguous(String word, String text, int at) {
        if (at == 0) {
            return word.length() == text.length() ? EXACT : PREFIX - brevity(word, text);
        }
        int kind = wordStart(word, text, at) >= 0 ? WORD_START : CONTIGUOUS;
        return kind - brevity(word, text);
    }

    private static int brevity(String word, String text) {
        return Math.min(99, text.length() - word.length());
    }

    private static int wordStart(String word, String text, int from) {
        for (int at = from; at >= 0; at = text.indexOf(word, at + 1)) {
            if (isWordStart(text, at)) {
                return at;
            }
        }
        return -1;
    }

    /** In order with gaps; the shortest tail for the earliest end. */
    private static int[] scattered(String word, String text) {
        int end = -1;
        for (int i = 0; i < word.length(); i++) {
            end = text.indexOf(word.charAt(i), end + 1);
            if (end < 0) {
                return NONE;
            }
        }
        int[] positions = new int[word.length()];
        int at = end + 1;
        for (int i = word.length() - 1; i >= 0; i--) {
            at = text.lastIndexOf(word.charAt(i), at - 1);
            positions[i] = at;
        }
        return positions;
    }

    private static boolean isWordStart(String text, int at) {
        if (at == 0) {
            return true;
        }
        char before = text.charAt(at - 1);
        char here = text.charAt(at);
        return !Character.isLetterOrDigit(before)
                || (Character.isDigit(here) && !Character.isDigit(before));
    }

    private static int[] range(int start, int length) {
        int[] range = new int[length];
        for (int i = 0; i < length; i++) {
            range[i] = start + i;
        }
        return range;
    }
}
