package dev.bastion.audit.line;

import org.jspecify.annotations.Nullable;

/**
 * What stood right of the cursor when the line began: a prompt at the right edge.
 *
 * @param column where it began
 * @param text its text without blanks at its end
 */
record RightPrompt(int column, String text) {

    /** Cells never written that must stand between a line and an unknown right prompt. */
    private static final int GAP = 3;

    static @Nullable RightPrompt at(Screen screen, long number, int from) {
        Row row = screen.row(number);
        if (row == null) {
            return null;
        }
        int column = from;
        while (column < row.used() && isEmpty(row.cell(column))) {
            column++;
        }
        boolean reachesEdge = row.used() >= screen.columns() - 2;
        if (column >= row.used() || column - from < GAP || !reachesEdge) {
            return null;
        }
        String text = RowText.of(screen, number, column, row.used()).stripTrailing();
        return text.isEmpty() ? null : new RightPrompt(column, text);
    }

    private static boolean isEmpty(int cell) {
        return cell == Row.NEVER || (cell & ~Row.FAINT) == ' ';
    }

    /** The column where the right prompt of a row begins, or the row's end when it has none. */
    static int begin(
            Screen screen, long number, int from, @Nullable RightPrompt known, boolean editor) {
        Row row = screen.row(number);
        if (row == null) {
            return from;
        }
        int used = row.used();
        if (known != null) {
            if (known.column >= from
                    && RowText.of(screen, number, known.column, used)
                            .stripTrailing()
                            .equals(known.text)) {
                return known.column;
            }
            int start = shiftedStart(screen, number, from, used, known);
            if (start >= 0) {
                return start;
            }
        }
        return editor ? unknownStart(screen, row, from) : used;
    }

    private static int shiftedStart(
            Screen screen, long number, int from, int used, RightPrompt known) {
        int width = known.text.codePointCount(0, known.text.length());
        for (int slack = 0; slack <= 1; slack++) {
            int start = used - width - slack;
            if (start >= from
                    && Prompts.mask(RowText.of(screen, number, start, used).stripTrailing())
                            .equals(Prompts.mask(known.text))) {
                return start;
            }
        }
        return -1;
    }

    private static int unknownStart(Screen screen, Row row, int from) {
        int used = row.used();
        if (used < screen.columns() - 2) {
            return used;
        }
        int gap = 0;
        for (int i = used - 1; i >= from; i--) {
            if (row.cell(i) == Row.NEVER) {
                gap++;
            } else if (gap >= GAP) {
                return i + 1;
            } else {
                gap = 0;
            }
        }
        return gap >= GAP ? from : used;
    }
}
