package dev.bastion.server.replay;

import dev.bastion.audit.recording.RecordingEvent;
import dev.bastion.audit.recording.Utf8Pieces;
import org.jline.terminal.Size;
import org.jline.utils.ScreenTerminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a recorded terminal shows, drawn from its events. Whatever a host sent, it does not throw:
 * at worst the screen is empty. Confined to one thread.
 */
final class EmulatedScreen {

    private static final Logger LOG = LoggerFactory.getLogger(EmulatedScreen.class);
    private static final int SMALLEST = 2;
    private static final int MOST_COLUMNS = 500;
    private static final int MOST_ROWS = 200;

    /** Characters drawn at once; what fails loses no more. */
    private static final int PIECE = 4_096;

    /** ED 3, as xterm has it. */
    private static final String ERASE_HISTORY = "\033[3J";

    /** Behind a line feed, where no sequence is under way, no more rows are kept than these. */
    private static final int MOST_HISTORY = 500;

    /** Nor more than these where none comes, though a sequence may be cut by that. */
    private static final int HARD_HISTORY = 5_000;

    private ScreenTerminal terminal = new ScreenTerminal(80, 24);
    private Utf8Pieces text = new Utf8Pieces();
    private int columns = 80;
    private int rows = 24;

    /** Empty, of this size; 0 is unknown. */
    void reset(int newColumns, int newRows) {
        fit(newColumns, newRows);
        terminal = new ScreenTerminal(columns, rows);
        text = new Utf8Pieces();
    }

    private void fit(int newColumns, int newRows) {
        columns = newColumns <= 0 ? 80 : Math.clamp(newColumns, SMALLEST, MOST_COLUMNS);
        rows = newRows <= 0 ? 24 : Math.clamp(newRows, SMALLEST, MOST_ROWS);
    }

    void apply(RecordingEvent event) {
        switch (event) {
            case RecordingEvent.Output output -> write(text.decode(output.bytes()));
            case RecordingEvent.Resized size -> {
                fit(size.columns(), size.rows());
                safely(() -> terminal.setSize(Size.of(columns, rows)));
            }
            case RecordingEvent.Line line -> {}
            case RecordingEvent.Exit exit -> {}
        }
    }

    private void write(String shown) {
        for (int from = 0; from < shown.length(); from += PIECE) {
            String piece = shown.substring(from, Math.min(shown.length(), from + PIECE));
            int lines = piece.lastIndexOf('\n') + 1;
            safely(() -> terminal.write(piece.substring(0, lines)));
            forgetHistory(lines > 0 ? MOST_HISTORY : HARD_HISTORY);
            safely(() -> terminal.write(piece.substring(lines)));
        }
        // What it would answer goes nowhere.
        safely(terminal::read);
    }

    /** Rows above the screen, which nobody sees; JLine keeps them all. */
    private void forgetHistory(int most) {
        if (terminal.getHistorySize() > most) {
            safely(() -> terminal.write(ERASE_HISTORY));
        }
    }

    private void safely(Runnable drawing) {
        try {
            drawing.run();
        } catch (RuntimeException e) {
            LOG.debug("a recorded screen could not be drawn", e);
            terminal = new ScreenTerminal(columns, rows);
        }
    }

    /** Rows that are kept above the screen. */
    int history() {
        return terminal.getHistorySize();
    }

    int columns() {
        return columns;
    }

    int rows() {
        return rows;
    }

    /** Cells as JLine has them, row by row, and where the cursor is. */
    record Picture(long[] cells, int cursorColumn, int cursorRow) {}

    Picture picture() {
        long[] cells = new long[columns * rows];
        int[] cursor = new int[2];
        safely(() -> terminal.dump(cells, 0, 0, rows, columns, cursor));
        return new Picture(
                cells, Math.clamp(cursor[0], 0, columns - 1), Math.clamp(cursor[1], 0, rows - 1));
    }
}
