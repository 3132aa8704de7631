package dev.bastion.audit.line;

import java.util.Arrays;

/**
 * One row of a {@link Screen}: cells that grow with what is written. A cell is a code point with
 * flags, or {@link #NEVER}. Confined to its screen's thread.
 */
final class Row {

    /** A cell that nothing was written to since it was erased; not the same as a blank. */
    static final int NEVER = 0;

    /** The second half of a wide character. */
    static final int PAD = 1 << 22;

    /** The cell holds an index into the screen's {@link Clusters}. */
    static final int CLUSTER = 1 << 23;

    /** The cell was printed in the faint colours that suggestions have. */
    static final int FAINT = 1 << 24;

    private static final int[] EMPTY = {};

    private int[] cells = EMPTY;
    private int used;

    /** The number of the edit that wrote last. */
    int stamp;

    /** The text goes on in the next row because it reached the edge. */
    boolean wrapped;

    /** It was emptied from its first column on: text above does not go on in it. */
    boolean begins;

    /** Columns up to the last written one. */
    int used() {
        return used;
    }

    int cell(int column) {
        return column < used ? cells[column] : NEVER;
    }

    void set(int column, int cell, int columns) {
        if (column >= used) {
            if (column >= cells.length) {
                cells =
                        Arrays.copyOf(
                                cells, Math.max(column + 1, Math.min(columns, column * 2 + 16)));
            }
            Arrays.fill(cells, used, column, NEVER);
            used = column + 1;
        }
        cells[column] = cell;
    }

    /** Removes {@code count} cells at a column; what stands behind moves left. */
    void delete(int column, int count) {
        if (column >= used) {
            return;
        }
        int kept = Math.max(0, used - column - count);
        System.arraycopy(cells, used - kept, cells, column, kept);
        used = column + kept;
    }

    /** Makes room for {@code count} cells at a column; what passes the edge is lost. */
    void insert(int column, int count, int columns) {
        if (column >= used) {
            return;
        }
        int end = Math.min(columns, used + count);
        int moved = end - column - count;
        if (moved > 0) {
            set(end - 1, cell(end - 1), columns);
            System.arraycopy(cells, column, cells, column + count, moved);
        }
        Arrays.fill(cells, column, Math.min(column + count, end), NEVER);
        used = Math.max(end, Math.min(used, columns));
    }

    /** Erases columns from {@code from} up to {@code to}, not with it. */
    void erase(int from, int to) {
        if (to >= used) {
            used = Math.min(used, from);
        } else {
            Arrays.fill(cells, from, to, NEVER);
        }
    }

    void clear() {
        used = 0;
        wrapped = false;
        begins = false;
    }

    /** Whether it shows nothing but blanks. */
    boolean isBlank() {
        for (int i = 0; i < used; i++) {
            int cell = cells[i] & ~FAINT;
            if (cell != NEVER && cell != ' ') {
                return false;
            }
        }
        return true;
    }
}
