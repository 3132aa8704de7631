package dev.bastion.audit.line;

/** Text of a screen's rows. */
final class RowText {

    /** A prompt is not longer than this and its last row. */
    static final int MAX_JOINED_CELLS = 400;

    private RowText() {}

    /** Cells from a column up to another, cells never written as blanks. */
    static String of(Screen screen, long number, int from, int to) {
        Row row = screen.row(number);
        StringBuilder text = new StringBuilder();
        if (row != null) {
            append(screen, row, from, to, text);
        }
        return text.toString();
    }

    static void append(Screen screen, Row row, int from, int to, StringBuilder text) {
        for (int i = from; i < to; i++) {
            int cell = row.cell(i);
            if ((cell & Row.PAD) == 0) {
                screen.clusters().appendTo(text, cell);
            }
        }
    }

    /** All of a row, without the cells behind its last written one. */
    static String of(Screen screen, long number) {
        Row row = screen.row(number);
        return row == null ? "" : of(screen, number, 0, row.used());
    }

    /** The rows above that wrapped into this one, joined: about as many cells as asked for. */
    static String joinedAbove(Screen screen, long number, int cells) {
        StringBuilder text = new StringBuilder();
        for (long i = logicalStart(screen, number, cells / screen.columns()); i < number; i++) {
            text.append(of(screen, i, 0, screen.columns()));
        }
        return text.toString();
    }

    /** The first of the rows that wrapped into this one, at most {@code most} above it. */
    static long logicalStart(Screen screen, long number, int most) {
        long start = number;
        while (number - start < most && continues(screen, start)) {
            start--;
        }
        return start;
    }

    /** Whether a row goes on with the text of the one above. */
    static boolean continues(Screen screen, long number) {
        Row above = screen.row(number - 1);
        Row row = screen.row(number);
        return above != null && above.wrapped && row != null && !row.begins;
    }
}
