package dev.bastion.audit.line;

import org.jspecify.annotations.Nullable;

/**
 * What a terminal of a known size shows: text only, rows that know where they wrapped and which
 * edit wrote them, and a ring of rows that scrolled away. Rows have absolute numbers that stay
 * theirs while they scroll. Confined to one thread.
 *
 * <p>Behaves as tmux and VTE do where terminals differ: writing in the last column leaves the
 * cursor there until the next character, and erasing to the end of the line then changes nothing.
 */
final class Screen {

    static final int MAX_COLUMNS = 1_000;
    static final int MAX_ROWS = 500;
    private static final int TAB = 8;

    private final Clusters clusters = new Clusters();
    private final Grid grid;
    private int columns;
    private int rows;
    private int x;
    private int y;
    private boolean wrapPending;
    private int top;
    private int bottom;
    private int savedX;
    private int savedY;
    private int mainX;
    private int mainY;
    private boolean autowrap = true;
    private boolean insertMode;
    private int faint;
    private int stamp;

    Screen(int columns, int rows) {
        this.columns = clampColumns(columns);
        this.rows = clampRows(rows);
        grid = new Grid(this.rows);
        forget();
    }

    private static int clampColumns(int columns) {
        return columns <= 0 ? 80 : Math.clamp(columns, 2, MAX_COLUMNS);
    }

    private static int clampRows(int rows) {
        return rows <= 0 ? 24 : Math.clamp(rows, 1, MAX_ROWS);
    }

    /** Forgets all text; the cursor stands at the left of the bottom row. */
    void forget() {
        grid.forget();
        clusters.clear();
        x = 0;
        y = rows - 1;
        savedX = 0;
        savedY = 0;
        top = 0;
        bottom = rows - 1;
        wrapPending = false;
        autowrap = true;
        insertMode = false;
        faint = 0;
    }

    void dropHistory() {
        grid.dropHistory();
    }

    int columns() {
        return columns;
    }

    int rows() {
        return rows;
    }

    int column() {
        return x;
    }

    /** The absolute number of the cursor's row. */
    long cursorRow() {
        return grid.base() + y;
    }

    long firstRow() {
        return grid.firstRow();
    }

    long lastRow() {
        return grid.base() + rows - 1;
    }

    /** The row with this absolute number, or null when it is not kept. */
    @Nullable Row row(long number) {
        return grid.row(number);
    }

    boolean cursorRowIsBlank() {
        return grid.at(y).isBlank();
    }

    Clusters clusters() {
        return clusters;
    }

    boolean isAlternate() {
        return grid.isAlternate();
    }

    /** From now on rows are written by this edit. */
    void stamp(int edit) {
        stamp = edit;
    }

    void faint(boolean on) {
        faint = on ? Row.FAINT : 0;
    }

    // Writing

    /** A printable character at the cursor. */
    void print(int point) {
        if (point >= 0x20 && point < 0x7f) {
            put(point, 1);
            return;
        }
        int width = CharacterWidth.of(point);
        if (width == 0) {
            combine(point);
        } else {
            put(point, width);
        }
    }

    private void put(int point, int width) {
        if (wrapPending) {
            if (autowrap) {
                wrap();
            } else {
                wrapPending = false;
            }
        }
        if (width == 2 && x == columns - 1) {
            if (!autowrap) {
                return;
            }
            wrap();
        }
        Row row = grid.at(y);
        if (insertMode) {
            row.insert(x, width, columns);
        }
        splitWide(row, x);
        if (x + width < row.used()) {
            splitWide(row, x + width);
        }
        row.stamp = stamp;
        row.set(x, point | faint, columns);
        if (width == 2) {
            row.set(x + 1, Row.PAD, columns);
        }
        x += width;
        if (x >= columns) {
            x = columns - 1;
            wrapPending = true;
            row.wrapped = false;
        }
    }

    /** A wide character that is overwritten in part shows nothing. */
    private void splitWide(Row row, int column) {
        if (column > 0 && row.cell(column) == Row.PAD) {
            row.set(column - 1, ' ', columns);
            row.set(column, ' ', columns);
        }
    }

    private void combine(int mark) {
        int column = wrapPending ? x : x - 1;
        Row row = grid.at(y);
        if (column > 0 && row.cell(column) == Row.PAD) {
            column--;
        }
        if (column >= 0 && row.cell(column) != Row.NEVER) {
            row.set(column, clusters.with(row.cell(column), mark), columns);
            row.stamp = stamp;
        }
    }

    private void wrap() {
        grid.at(y).wrapped = true;
        wrapPending = false;
        x = 0;
        lineFeed();
        grid.at(y).begins = false;
    }

    // Moving

    void lineFeed() {
        wrapPending = false;
        if (y == bottom) {
            scrollUp(1);
        } else if (y < rows - 1) {
            y++;
        }
    }

    void reverseLineFeed() {
        wrapPending = false;
        if (y == top) {
            scrollDown(1);
        } else if (y > 0) {
            y--;
        }
    }

    void carriageReturn() {
        wrapPending = false;
        x = 0;
    }

    void backspace() {
        wrapPending = false;
        x = Math.max(0, x - 1);
    }

    void tab() {
        x = Math.min(columns - 1, (x / TAB + 1) * TAB);
    }

    void moveBy(int right, int down) {
        wrapPending = false;
        x = Math.clamp(x + (long) right, 0, columns - 1);
        int low = y < top ? 0 : top;
        int high = y > bottom ? rows - 1 : bottom;
        y = down == 0 ? y : Math.clamp(y + (long) down, low, high);
    }

    void moveToColumn(int column) {
        wrapPending = false;
        x = Math.clamp(column, 0, columns - 1);
    }

    void moveToRow(int row) {
        wrapPending = false;
        y = Math.clamp(row, 0, rows - 1);
    }

    void save() {
        savedX = x;
        savedY = y;
    }

    void restore() {
        moveToColumn(savedX);
        moveToRow(savedY);
    }

    void margins(int first, int last) {
        top = Math.clamp(first, 0, rows - 1);
        bottom = Math.clamp(last, 0, rows - 1);
        if (top >= bottom) {
            top = 0;
            bottom = rows - 1;
        }
        moveToColumn(0);
        moveToRow(0);
    }

    void autowrap(boolean on) {
        autowrap = on;
    }

    void insertMode(boolean on) {
        insertMode = on;
    }

    // Scrolling and erasing

    void scrollUp(int count) {
        grid.scrollUp(top, bottom, count);
    }

    void scrollDown(int count) {
        grid.insert(top, bottom, count);
    }

    void insertLines(int count) {
        if (y >= top && y <= bottom) {
            grid.insert(y, bottom, count);
        }
    }

    void deleteLines(int count) {
        if (y >= top && y <= bottom) {
            grid.delete(y, bottom, count);
        }
    }

    /** 0 from the cursor to the end, 1 up to the cursor, 2 all of the row. */
    void eraseInLine(int how) {
        Row row = grid.at(y);
        switch (how) {
            case 0 -> {
                if (!wrapPending) {
                    row.erase(x, columns);
                    row.wrapped = false;
                    row.begins |= x == 0;
                }
            }
            case 1 -> row.erase(0, x + 1);
            case 2 -> row.clear();
            default -> {}
        }
    }

    /** 0 below the cursor, 1 above it, 2 everything, 3 what scrolled away. */
    void eraseInDisplay(int how) {
        switch (how) {
            case 0 -> {
                eraseInLine(0);
                grid.clear(y + 1, rows);
            }
            case 1 -> {
                eraseInLine(1);
                grid.clear(0, y);
            }
            case 2 -> grid.clear(0, rows);
            case 3 -> grid.dropHistory();
            default -> {}
        }
    }

    void eraseCharacters(int count) {
        if (wrapPending) {
            return;
        }
        grid.at(y).erase(x, Math.min(columns, x + Math.min(count, columns)));
        grid.at(y).stamp = stamp;
    }

    void insertCharacters(int count) {
        if (wrapPending) {
            return;
        }
        grid.at(y).insert(x, Math.min(count, columns - x), columns);
        grid.at(y).stamp = stamp;
    }

    void deleteCharacters(int count) {
        if (wrapPending) {
            return;
        }
        grid.at(y).delete(x, Math.min(count, columns - x));
        grid.at(y).wrapped = false;
        grid.at(y).stamp = stamp;
    }

    // The whole of it

    /** Goes to the alternate screen, which is empty, or back to the main one. */
    void alternate(boolean on) {
        if (on == grid.isAlternate()) {
            return;
        }
        grid.alternate(on);
        if (on) {
            mainX = x;
            mainY = y;
        } else {
            x = Math.min(mainX, columns - 1);
            y = Math.min(mainY, rows - 1);
        }
        top = 0;
        bottom = rows - 1;
        wrapPending = false;
    }

    void resize(int newColumns, int newRows) {
        int wide = clampColumns(newColumns);
        int high = clampRows(newRows);
        if (high != rows) {
            y -= grid.resize(high, y, mainY);
        }
        columns = wide;
        rows = high;
        x = Math.min(x, columns - 1);
        y = Math.min(y, rows - 1);
        top = 0;
        bottom = rows - 1;
        wrapPending = false;
    }
}
