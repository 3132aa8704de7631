package dev.bastion.audit.line;

import org.jspecify.annotations.Nullable;

/** Reads the line of an {@link Edit} off the screen. Confined to one thread. */
final class LineReader {

    /** A line longer than this many rows is not read. */
    private static final int MAX_LINE_ROWS = 220;

    private final Screen screen;
    private final Prompts prompts;

    LineReader(Screen screen, Prompts prompts) {
        this.screen = screen;
        this.prompts = prompts;
    }

    /** {@code typed} is what the keys say, to tell apart what a row alone does not. */
    Reading read(Edit edit, String typed) {
        long end = lastWritten(edit);
        if (end < screen.firstRow()) {
            return edit.isAnchored()
                    ? new Reading("", "", edit.prompt(), edit.promptRow(), Reading.Start.ANCHOR)
                    : Reading.NOTHING;
        }
        Begin begin = begin(edit, end, typed);
        JoinedRows joined = new JoinedRows(screen, edit);
        String full = joined.text(begin.row, begin.column, end, typed, false);
        String text = joined.text(begin.row, begin.column, end, typed, true);
        return new Reading(text, full, begin.prompt, begin.promptRow, begin.start);
    }

    /** The last row with text that this edit wrote. */
    private long lastWritten(Edit edit) {
        long first = Math.max(screen.firstRow(), screen.lastRow() - MAX_LINE_ROWS);
        for (long i = screen.lastRow(); i >= first; i--) {
            Row row = screen.row(i);
            if (row != null && row.stamp >= edit.stamp && !row.isBlank()) {
                return i;
            }
        }
        return screen.firstRow() - 1;
    }

    private record Begin(
            long row, int column, String prompt, String promptRow, Reading.Start start) {}

    private Begin begin(Edit edit, long end, String typed) {
        boolean doubtful =
                edit.isAnchored()
                        && !edit.isExact()
                        && !edit.editor
                        && !prompts.isLearned(edit.promptRow());
        Begin found = doubtful ? atPrompt(edit, end) : atAnchor(edit, end);
        if (found == null) {
            found = doubtful ? atAnchor(edit, end) : atPrompt(edit, end);
        }
        if (found == null) {
            found = byTyped(end, typed);
        }
        if (found == null) {
            found = whereItBegan(edit, end);
        }
        if (found == null) {
            found = behindTypeAhead(end);
        }
        return found == null ? byPattern(end) : found;
    }

    private @Nullable Begin atAnchor(Edit edit, long end) {
        if (!edit.isAnchored()) {
            return null;
        }
        String prompt = edit.promptRow();
        boolean stands =
                edit.anchorRow() <= end
                        && RowText.of(screen, edit.anchorRow(), 0, edit.anchorColumn())
                                .equals(prompt);
        if (!prompt.isBlank()) {
            for (long i = end; i > edit.anchorRow() || (!stands && i >= firstOf(end)); i--) {
                if (isWrittenStart(i, edit) && startsWith(i, prompt)) {
                    return new Begin(
                            i, edit.anchorColumn(), edit.prompt(), prompt, Reading.Start.ANCHOR);
                }
            }
        }
        int column = stands ? edit.anchorColumn() : 0;
        return stands || isWindowOverPrompt(edit, end)
                ? new Begin(edit.anchorRow(), column, edit.prompt(), prompt, Reading.Start.ANCHOR)
                : null;
    }

    /** An editor that does not wrap draws the end of a long line over its prompt. */
    private boolean isWindowOverPrompt(Edit edit, long end) {
        return edit.anchorRow() == end
                && prompts.isLearned(edit.promptRow())
                && isWrittenStart(end, edit)
                && WindowRow.isIn(screen, end);
    }

    private long firstOf(long end) {
        return Math.max(screen.firstRow(), end - MAX_LINE_ROWS);
    }

    private boolean isWrittenStart(long number, Edit edit) {
        Row row = screen.row(number);
        return row != null && row.stamp >= edit.stamp && !RowText.continues(screen, number);
    }

    private boolean startsWith(long number, String prompt) {
        Row row = screen.row(number);
        return row != null
                && row.used() > 0
                && RowText.of(screen, number, 0, Math.max(row.used(), prompt.length()))
                        .startsWith(prompt);
    }

    private @Nullable Begin atPrompt(Edit edit, long end) {
        for (long i = end; i >= firstOf(end); i--) {
            boolean began = edit.editor && i == edit.beganRow && edit.beganColumn > 0;
            if (!isWrittenStart(i, edit) && !began) {
                continue;
            }
            String row = padded(i);
            int length = prompts.lengthAt(row, 0);
            int from = 0;
            if (length == 0 && began) {
                from = Math.min(row.length(), edit.beganColumn);
                length = prompts.lengthAt(row, from);
            }
            if (length > 0) {
                int column = columnOf(i, from + length);
                String prompt = row.substring(from, from + length);
                return new Begin(i, column, prompt, prompt, Reading.Start.LEARNED);
            }
        }
        return null;
    }

    /** A prompt's last blank may be a cell never written. */
    private String padded(long number) {
        Row row = screen.row(number);
        return row == null
                ? ""
                : RowText.of(screen, number, 0, Math.min(screen.columns(), row.used() + 1));
    }

    private @Nullable Begin whereItBegan(Edit edit, long end) {
        if (!edit.editor || edit.beganColumn == 0 || edit.beganRow > end) {
            return null;
        }
        String left = RowText.of(screen, edit.beganRow, 0, edit.beganColumn);
        return Prompts.isLikely(left)
                ? new Begin(edit.beganRow, edit.beganColumn, left, left, Reading.Start.PATTERN)
                : null;
    }

    /** A prompt that was printed behind keys that came before it. */
    private @Nullable Begin behindTypeAhead(long end) {
        long start = RowText.logicalStart(screen, end, MAX_LINE_ROWS);
        String row = logical(start, end);
        for (int i = 1; i < Math.min(row.length(), Prompts.MAX_LENGTH); i++) {
            int length = prompts.lengthAt(row, i);
            if (length > 2) {
                String prompt = row.substring(i, i + length);
                return at(start, end, i + length, prompt, Reading.Start.LEARNED);
            }
        }
        return null;
    }

    private @Nullable Begin byTyped(long end, String typed) {
        if (typed.isBlank() || typed.indexOf('\n') >= 0) {
            return null;
        }
        long start = RowText.logicalStart(screen, end, MAX_LINE_ROWS);
        String row = logical(start, end);
        String wanted = typed.stripTrailing();
        if (!row.endsWith(wanted)) {
            return null;
        }
        int index = row.length() - wanted.length();
        return at(start, end, index, row.substring(0, index), Reading.Start.TYPED);
    }

    /** The logical row that ends with this row. */
    String logicalEndingAt(long end) {
        return logical(RowText.logicalStart(screen, end, MAX_LINE_ROWS), end);
    }

    /** The rows of a logical row, joined, without blanks at its end. */
    String logical(long start, long end) {
        StringBuilder text = new StringBuilder();
        for (long i = start; i <= end; i++) {
            Row row = screen.row(i);
            if (row != null) {
                int to = i < end ? screen.columns() : row.used();
                RowText.append(screen, row, 0, to, text);
            }
        }
        return text.toString().stripTrailing();
    }

    private Begin at(long start, long end, int index, String prompt, Reading.Start how) {
        int left = index;
        for (long i = start; i < end; i++) {
            int length = RowText.of(screen, i, 0, screen.columns()).length();
            if (left < length) {
                return new Begin(i, columnOf(i, left), prompt, prompt, how);
            }
            left -= length;
        }
        return new Begin(end, columnOf(end, left), prompt, prompt, how);
    }

    /** The column of a character of a row's text. */
    private int columnOf(long number, int index) {
        Row row = screen.row(number);
        if (row == null) {
            return index;
        }
        int column = 0;
        int seen = 0;
        while (column < screen.columns() && seen < index) {
            int cell = row.cell(column);
            if ((cell & Row.PAD) == 0) {
                seen += screen.clusters().text(cell).length();
            }
            column++;
        }
        while (column < row.used() && (row.cell(column) & Row.PAD) != 0) {
            column++;
        }
        return column;
    }

    private Begin byPattern(long end) {
        long start = RowText.logicalStart(screen, end, MAX_LINE_ROWS);
        String row = logical(start, end);
        int limit = Math.min(row.length() - 1, Prompts.MAX_LENGTH);
        for (int i = 1; i < limit; i++) {
            if (Prompts.isStrict(row.substring(0, i + 1))) {
                return at(start, end, i + 1, row.substring(0, i + 1), Reading.Start.PATTERN);
            }
        }
        return new Begin(start, 0, "", "", Reading.Start.ROW);
    }
}
