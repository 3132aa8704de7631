package dev.bastion.audit.line;

/**
 * The row of an editor that shows only a window onto a line that is wider than the terminal, as
 * mksh's does: one cell before the edge a mark says on which side there is more. Stateless.
 */
final class WindowRow {

    private static final String MARKS = "<>*";

    private WindowRow() {}

    static boolean isMark(int character) {
        return MARKS.indexOf(character) >= 0;
    }

    /** Whether the row may be such a window. */
    static boolean isIn(Screen screen, long number) {
        Row row = screen.row(number);
        int mark = screen.columns() - 2;
        return row != null && row.used() == mark + 1 && isMark(row.cell(mark) & ~Row.FAINT);
    }
}
