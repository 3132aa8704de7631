package dev.bastion.server.replay;

import dev.bastion.menu.DisplayWidth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Paints a screen and a line of status below it on a person's terminal: the rows that changed. Of a
 * screen that is larger the part with the cursor is shown. Confined to one thread.
 */
final class ScreenPaint {

    private static final String ENTER = "\033[?1049h\033[2J";
    private static final String LEAVE = "\033[0m\033[?25h\033[?1049l";

    private static final String HIDE = "\033[?25l";

    private final ReplayTerminal terminal;
    private String[] painted = {};
    private String paintedCursor = "";
    private int width;

    ScreenPaint(ReplayTerminal terminal) {
        this.terminal = terminal;
    }

    void enter() throws IOException {
        send(ENTER);
    }

    /** The person's terminal is as it was. */
    void leave() throws IOException {
        send(LEAVE);
    }

    private int columns() {
        return terminal.columns() <= 0 ? 80 : Math.clamp(terminal.columns(), 2, 1_000);
    }

    private int rows() {
        return terminal.rows() <= 0 ? 24 : Math.clamp(terminal.rows(), 2, 500);
    }

    /**
     * Paints.
     *
     * @param status harmless text
     */
    void paint(EmulatedScreen screen, String status) throws IOException {
        int columns = columns();
        int rows = rows();
        StringBuilder out = new StringBuilder(HIDE);
        if (painted.length != rows || width != columns) {
            painted = new String[rows];
            Arrays.fill(painted, "");
            width = columns;
            out.append("\033[0m\033[2J");
        }
        EmulatedScreen.Picture picture = screen.picture();
        int height = rows - 1;
        int top = first(picture.cursorRow(), screen.rows(), height);
        int left = first(picture.cursorColumn(), screen.columns(), columns);
        int shownColumns = Math.min(columns, screen.columns());
        for (int y = 0; y < height; y++) {
            int from = (top + y) * screen.columns() + left;
            row(
                    out,
                    y,
                    y < screen.rows()
                            ? CellText.of(picture.cells(), from, from + shownColumns)
                            : "");
        }
        row(out, height, "\033[7m" + fitted(status, columns - 1) + "\033[0m");
        String cursor =
                "\033[%d;%dH\033[?25h"
                        .formatted(
                                picture.cursorRow() - top + 1, picture.cursorColumn() - left + 1);
        if (out.length() == HIDE.length() && cursor.equals(paintedCursor)) {
            return;
        }
        paintedCursor = cursor;
        send(out.append(cursor).toString());
    }

    /** As much of a text as has room, and blanks. */
    private static String fitted(String text, int columns) {
        int end = 0;
        int used = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            if (used + DisplayWidth.of(point) > columns) {
                break;
            }
            used += DisplayWidth.of(point);
            end += Character.charCount(point);
        }
        return text.substring(0, end) + " ".repeat(columns - used);
    }

    /** The first of {@code all} that is shown, so that the cursor is. */
    private static int first(int cursor, int all, int room) {
        return all <= room ? 0 : Math.clamp(cursor - room + 1L, 0, all - room);
    }

    private void row(StringBuilder out, int y, String text) {
        if (!painted[y].equals(text)) {
            painted[y] = text;
            out.append("\033[").append(y + 1).append(";1H").append(text).append("\033[K");
        }
    }

    private void send(String text) throws IOException {
        terminal.output().write(text.getBytes(StandardCharsets.UTF_8));
        terminal.output().flush();
    }
}
