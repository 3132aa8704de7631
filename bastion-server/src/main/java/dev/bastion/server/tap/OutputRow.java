package dev.bastion.server.tap;

/**
 * What the host has printed since the last line feed, as a terminal would show it: carriage return
 * and backspace move, characters overwrite. Longer rows are cut. Confined to its tap's lock.
 */
final class OutputRow {

    static final int LIMIT = 2048;

    private final StringBuilder cells = new StringBuilder();
    private int cursor;

    void print(int point) {
        if (cursor >= LIMIT) {
            return;
        }
        String text = Character.toString(point);
        int end = Math.min(cursor + text.length(), cells.length());
        cells.replace(cursor, end, text);
        cursor += text.length();
    }

    void carriageReturn() {
        cursor = 0;
    }

    void backspace() {
        cursor = Math.max(0, cursor - 1);
    }

    void clear() {
        cells.setLength(0);
        cursor = 0;
    }

    /** Whether the text stands in it, in one piece. */
    boolean shows(String text) {
        return !text.isEmpty() && cells.indexOf(text) >= 0;
    }
}
