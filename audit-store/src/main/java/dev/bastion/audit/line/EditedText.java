package dev.bastion.audit.line;

/**
 * The line that the keys alone make, by dead reckoning: the text, and how sure it is. Also what the
 * kernel's line discipline would make of the same keys. Confined to one thread.
 */
final class EditedText {

    /** How far the text can be trusted. */
    enum Level {
        /** The same in every editor. */
        EXACT,
        /** Editors differ in what the keys do. */
        DIFFERS,
        /** The host brought text of its own: history, completion, search. */
        UNKNOWN
    }

    /** What is typed behind this many characters is left out, and the text is no longer exact. */
    static final int MAX_LENGTH = 32 * 1024;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder kernel = new StringBuilder();
    private String killed = "";
    private int cursor;
    private Level level = Level.EXACT;

    private boolean byCluster;
    private boolean hasMarks;

    /** The same up to now, but what follows moves over a character together with its marks. */
    EditedText copyByCluster() {
        EditedText copy = new EditedText();
        copy.text.append(text);
        copy.kernel.append(kernel);
        copy.killed = killed;
        copy.cursor = cursor;
        copy.level = level;
        copy.byCluster = true;
        return copy;
    }

    /** Whether a mark was typed that combines with the character before it. */
    boolean hasMarks() {
        return hasMarks;
    }

    void insert(int point) {
        if (text.length() >= MAX_LENGTH) {
            level = Level.UNKNOWN;
            return;
        }
        int size = Character.charCount(point);
        hasMarks |= point >= 0x300 && CharacterWidth.of(point) == 0;
        if (cursor == text.length()) {
            text.appendCodePoint(point);
        } else {
            text.insert(cursor, Character.toString(point));
        }
        cursor += size;
        kernel.appendCodePoint(point);
    }

    void edit(EditKey edit) {
        switch (edit) {
            case BACKSPACE -> {
                cut(before(cursor), cursor);
                kernel.setLength(beforeEnd(kernel));
            }
            case DELETE, END_OF_FILE -> cut(cursor, after(cursor));
            case LEFT -> cursor = before(cursor);
            case RIGHT -> {
                if (cursor == text.length()) {
                    raise(Level.DIFFERS);
                }
                cursor = after(cursor);
            }
            case HOME -> cursor = 0;
            case END -> {
                if (cursor == text.length()) {
                    raise(Level.DIFFERS);
                }
                cursor = text.length();
            }
            case KILL_TO_END -> {
                killed = text.substring(cursor);
                text.setLength(cursor);
            }
            case KILL_LINE -> {
                if (cursor < text.length()) {
                    raise(Level.DIFFERS);
                }
                killed = text.substring(0, cursor);
                cut(0, cursor);
                kernel.setLength(0);
            }
            case KILL_WORD -> {
                raise(Level.DIFFERS);
                int from = wordStart(text, cursor);
                killed = text.substring(from, cursor);
                cut(from, cursor);
                kernel.setLength(wordStart(kernel, kernel.length()));
            }
            case YANK -> {
                raise(Level.DIFFERS);
                text.insert(cursor, killed);
                cursor += killed.length();
            }
            case REDRAW -> {}
            case UNKNOWN -> raise(Level.UNKNOWN);
        }
    }

    void raise(Level least) {
        if (least.compareTo(level) > 0) {
            level = least;
        }
    }

    Level level() {
        return level;
    }

    boolean isExact() {
        return level == Level.EXACT;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    String text() {
        return text.toString();
    }

    /** What the terminal's line discipline would hand to a program that reads lines. */
    String kernelText() {
        return kernel.toString();
    }

    void wipe() {
        wipe(text);
        wipe(kernel);
        killed = "";
        cursor = 0;
    }

    private static void wipe(StringBuilder from) {
        for (int i = 0; i < from.length(); i++) {
            from.setCharAt(i, ' ');
        }
        from.setLength(0);
    }

    private void cut(int from, int to) {
        text.delete(from, to);
        cursor = from;
    }

    private int before(int index) {
        int at = index;
        do {
            at = at == 0 ? 0 : text.offsetByCodePoints(at, -1);
        } while (at > 0 && byCluster && isMark(at));
        return at;
    }

    private int after(int index) {
        int at = index == text.length() ? index : text.offsetByCodePoints(index, 1);
        while (at < text.length() && byCluster && isMark(at)) {
            at = text.offsetByCodePoints(at, 1);
        }
        return at;
    }

    private boolean isMark(int index) {
        return CharacterWidth.of(text.codePointAt(index)) == 0;
    }

    private static int beforeEnd(StringBuilder from) {
        return from.isEmpty() ? 0 : from.offsetByCodePoints(from.length(), -1);
    }

    private static int wordStart(StringBuilder from, int end) {
        int start = end;
        while (start > 0 && from.charAt(start - 1) == ' ') {
            start--;
        }
        while (start > 0 && from.charAt(start - 1) != ' ') {
            start--;
        }
        return start;
    }
}
