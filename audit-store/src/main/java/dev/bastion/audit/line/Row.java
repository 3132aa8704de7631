package dev.bastion.audit.line;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row of a {@link Screen}: cells that grow with what is written. A cell is a code point with
 * flags, or {@link #NEVER}. Confined to its screen's thread.
 *
 * <p>A row of ASCII, and most are, takes a byte a cell. The first other character makes it take
 * four, until the row is cleared.
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

    private static final int ASCII = 0x7f;

    /** Stands for {@link #FAINT} in a cell of a byte. */
    private static final int FAINT_BYTE = 0x80;

    private static final byte[] EMPTY = {};

    private byte[] narrow = EMPTY;
    private int @Nullable [] wide;
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
        if (column >= used) {
            return NEVER;
        }
        if (wide != null) {
            return wide[column];
        }
        int cell = narrow[column];
        return cell >= 0 ? cell : (cell & ASCII) | FAINT;
    }

    void set(int column, int cell, int columns) {
        if ((cell & ~FAINT) > ASCII && wide == null) {
            widen();
        }
        if (column >= used) {
            if (column >= capacity()) {
                grow(Math.max(column + 1, Math.min(columns, column * 2 + 16)));
            }
            int before = used;
            used = column + 1;
            fill(before, column);
        }
        if (wide == null) {
            narrow[column] = (byte) ((cell & FAINT) == 0 ? cell : cell | FAINT_BYTE);
        } else {
            wide[column] = cell;
        }
    }

    private void widen() {
        int[] cells = new int[narrow.length];
        for (int i = 0; i < used; i++) {
            cells[i] = cell(i);
        }
        wide = cells;
        narrow = EMPTY;
    }

    private int capacity() {
        return wide == null ? narrow.length : wide.length;
    }

    private void grow(int capacity) {
        if (wide == null) {
            narrow = Arrays.copyOf(narrow, capacity);
        } else {
            wide = Arrays.copyOf(wide, capacity);
        }
    }

    /** From now on cells from {@code from} up to {@code to} were never written to. */
    private void fill(int from, int to) {
        if (wide == null) {
            Arrays.fill(narrow, from, to, (byte) NEVER);
        } else {
            Arrays.fill(wide, from, to, NEVER);
        }
    }

    private void move(int from, int to, int count) {
        Object cells = wide == null ? narrow : wide;
        System.arraycopy(cells, from, cells, to, count);
    }

    /** Removes {@code count} cells at a column; what stands behind moves left. */
    void delete(int column, int count) {
        if (column >= used) {
            return;
        }
        int kept = Math.max(0, used - column - count);
        move(used - kept, column, kept);
        used = column + kept;
    }

    /** Makes room for {@code count} cells at a column; what passes the edge is lost. */
    void insert(int column, int count, int columns) {
        if (column >= used) {
            return;
        }
        int end = Math.min(columns, used + count);
        int moved = end - column - count;
        if (moved <= 0) {
            used = column;
            return;
        }
        set(end - 1, cell(end - 1), columns);
        move(column, column + count, moved);
        fill(column, column + count);
    }

    /** Erases columns from {@code from} up to {@code to}, not with it. */
    void erase(int from, int to) {
        if (to >= used) {
            used = Math.min(used, from);
        } else {
            fill(from, to);
        }
    }

    void clear() {
        used = 0;
        wide = null;
        wrapped = false;
        begins = false;
    }

    /** Whether it shows nothing but blanks. */
    boolean isBlank() {
        for (int i = 0; i < used; i++) {
            int cell = cell(i) & ~FAINT;
            if (cell != NEVER && cell != ' ') {
                return false;
            }
        }
        return true;
    }
}
