package dev.bastion.audit.line;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a terminal: those on the screen, those of the main screen while the alternate one
 * stands before it, and those that scrolled away. Rows have absolute numbers that stay theirs while
 * they scroll. Confined to one thread.
 */
final class Grid {

    private static final int HISTORY = 50;

    private final History history = new History(HISTORY);
    private Row[] lines;
    private Row @Nullable [] main;
    private long base;

    Grid(int rows) {
        lines = empty(rows);
    }

    private static Row[] empty(int rows) {
        Row[] fresh = new Row[rows];
        Arrays.setAll(fresh, i -> new Row());
        return fresh;
    }

    void forget() {
        lines = empty(lines.length);
        main = null;
        history.clear();
    }

    void dropHistory() {
        history.clear();
    }

    Row at(int y) {
        return lines[y];
    }

    /** The absolute number of the first row on the screen. */
    long base() {
        return base;
    }

    /** The absolute number of the oldest row that is kept. */
    long firstRow() {
        return base - history.size();
    }

    /** The row with this absolute number, or null when it is not kept. */
    @Nullable Row row(long number) {
        if (number >= base) {
            return number < base + lines.length ? lines[(int) (number - base)] : null;
        }
        return history.fromEnd((int) Math.min(Integer.MAX_VALUE, base - number - 1));
    }

    boolean isAlternate() {
        return main != null;
    }

    /** The rows from {@code top} to {@code bottom} move up; what leaves the screen is kept. */
    void scrollUp(int top, int bottom, int count) {
        for (int i = Math.min(count, bottom - top + 1); i > 0; i--) {
            Row fresh = null;
            if (top == 0 && main == null) {
                fresh = history.push(lines[top]);
                base++;
            }
            System.arraycopy(lines, top + 1, lines, top, bottom - top);
            lines[bottom] = fresh == null ? new Row() : fresh;
        }
    }

    void insert(int at, int bottom, int count) {
        for (int i = Math.min(count, bottom - at + 1); i > 0; i--) {
            System.arraycopy(lines, at, lines, at + 1, bottom - at);
            lines[at] = new Row();
        }
    }

    void delete(int at, int bottom, int count) {
        for (int i = Math.min(count, bottom - at + 1); i > 0; i--) {
            System.arraycopy(lines, at + 1, lines, at, bottom - at);
            lines[bottom] = new Row();
        }
    }

    void clear(int from, int to) {
        for (int i = from; i < to; i++) {
            lines[i].clear();
        }
        if (from == 0 && to > 0) {
            lines[0].begins = true;
        }
    }

    /** Goes to an empty alternate screen, or back to the main one. */
    void alternate(boolean on) {
        Row[] back = main;
        if (on && back == null) {
            main = lines;
            lines = empty(lines.length);
        } else if (!on && back != null) {
            lines = back;
            main = null;
        }
    }

    /** Another number of rows. Returns how far the rows moved up to keep the cursor's. */
    int resize(int rows, int y, int mainY) {
        Row[] back = main;
        if (back != null) {
            main = fitted(back, Math.max(0, mainY - rows + 1), rows);
            lines = fitted(lines, 0, rows);
            return 0;
        }
        int gone = Math.max(0, y - rows + 1);
        for (int i = 0; i < gone; i++) {
            history.push(lines[i]);
        }
        base += gone;
        lines = fitted(lines, gone, rows);
        return gone;
    }

    private static Row[] fitted(Row[] from, int first, int count) {
        Row[] to = new Row[count];
        for (int i = 0; i < count; i++) {
            to[i] = first + i < from.length ? from[first + i] : new Row();
        }
        return to;
    }
}
