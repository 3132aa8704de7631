package dev.bastion.audit.jdbc;

/**
 * Texts as the database takes them: bounded, and without what PostgreSQL cannot store. The ledger
 * has the whole.
 */
final class StoredText {

    /** Characters of a name, an address or a word; keeps index entries small. */
    static final int MAX_NAME_CHARS = 256;

    /** Characters of a command line, its keystrokes, or a state. */
    static final int MAX_TEXT_CHARS = 131_072;

    private static final String CUT = "…[cut; the ledger has the whole]";

    private StoredText() {}

    static String name(String value) {
        return storable(value, MAX_NAME_CHARS);
    }

    static String text(String value) {
        return storable(value, MAX_TEXT_CHARS);
    }

    /** NUL and half surrogate pairs become U+FFFD; what is too long is cut and says so. */
    private static String storable(String value, int maxChars) {
        String bounded =
                value.length() <= maxChars
                        ? value
                        : value.substring(0, maxChars - CUT.length()) + CUT;
        StringBuilder changed = null;
        for (int i = 0; i < bounded.length(); i++) {
            char c = bounded.charAt(i);
            boolean pair =
                    i + 1 < bounded.length() && Character.isSurrogatePair(c, bounded.charAt(i + 1));
            if (c == 0 || (Character.isSurrogate(c) && !pair)) {
                changed = changed == null ? new StringBuilder(bounded) : changed;
                changed.setCharAt(i, '\uFFFD');
            }
            if (pair) {
                i++;
            }
        }
        return changed == null ? bounded : changed.toString();
    }
}
