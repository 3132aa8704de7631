package dev.bastion.audit.line;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What both directions of a session share. Confined to one thread. */
final class Session {

    /** Lines that wait for their decision; when more are typed the oldest is given up. */
    static final int MAX_PENDING = 2_000;

    /**
     * Bytes that a terminal keeps of what nobody reads, and echoes, at most: Linux 4,096 ({@code
     * N_TTY_BUF_SIZE} of its n_tty.c), others 8,192; with room to spare.
     */
    static final int TERMINAL_KEEPS = 16 << 10;

    private static final int MAX_ROW_JOIN = 220;
    private static final int RECENT_ROWS = 4;

    final Screen screen;
    final Prompts prompts = new Prompts();
    final RoundTrip roundTrip = new RoundTrip();
    final Recorder recorder;
    final HeldLines held;
    final LineReader reader;
    final AlternateKeys alternate = new AlternateKeys();

    /** Ended by Enter or an abort, and not decided yet. */
    final Deque<TypedLine> pending = new ArrayDeque<>();

    TypedLine current = new TypedLine();
    @Nullable Edit edit;

    /** Bracketed paste is on. */
    boolean bracketed;

    /** A line editor has announced itself in this session. */
    boolean hadEditor;

    long now;
    long lastOutputNanos = Long.MIN_VALUE / 2;
    long bracketedNanos = Long.MIN_VALUE / 2;

    /** Enters and aborts up to now. */
    long enters;

    /** Line feeds that the session's editors print before they announce that a line is over. */
    int acceptFeeds = 1;

    /** A prompt that other output stands behind, while no line was typed to it; else empty. */
    String standingPrompt = "";

    /** When something was printed that is no echo of what was typed. */
    long lastOtherNanos = Long.MIN_VALUE / 2;

    /** The row of the last text that stood quiet when a key was typed to it, else -1. */
    long typedRow = -1;

    /** The cursor's row when a line editor began last and lines were held, else -1. */
    long unendedRow = -1;

    /** End of file was typed to an empty line, and its answer has not come. */
    boolean endOfFile;

    private final LineListener listener;
    private int edits;

    Session(int columns, int rows, LineListener listener) {
        this.listener = listener;
        screen = new Screen(columns, rows);
        recorder = new Recorder(listener);
        held = new HeldLines(recorder);
        reader = new LineReader(screen, prompts);
    }

    void entered(EnteredLine line) {
        listener.entered(line);
    }

    Edit beginEdit(boolean editor) {
        screen.stamp(++edits);
        Edit begun = new Edit(edits, editor, screen);
        edit = begun;
        return begun;
    }

    /** The line that the next printed character may be an echo of. */
    @Nullable TypedLine echoing() {
        for (TypedLine line : pending) {
            if (line.wantsEcho()) {
                return line;
            }
        }
        return current.wantsEcho() ? current : null;
    }

    /** Nothing is typed, waits or can begin: output need not be looked at closely. */
    boolean isIdle() {
        return edit == null
                && !bracketed
                && pending.isEmpty()
                && current.isUntouched()
                && held.isEmpty()
                && !recorder.awaitsOutput()
                && !screen.isAlternate();
    }

    /** What stands left of the cursor in its row. */
    String leftOfCursor() {
        return RowText.of(screen, screen.cursorRow(), 0, screen.column());
    }

    /**
     * The cursor stands behind a known prompt that a line is typed to: what is drawn there is the
     * line, as when it is recalled.
     */
    boolean isInLine() {
        Edit one = edit;
        if (one == null
                || !one.isAnchored()
                || !isRecalling()
                || !prompts.isLearned(one.promptRow())) {
            return false;
        }
        long row = screen.cursorRow();
        long first = one.anchorRow();
        return first <= row
                && first >= RowText.logicalStart(screen, row, MAX_ROW_JOIN)
                && RowText.of(screen, first, 0, one.anchorColumn()).equals(one.promptRow());
    }

    /** The host draws text of its own for the oldest line. */
    private boolean isRecalling() {
        TypedLine line = pending.isEmpty() ? current : pending.getFirst();
        return line.edited.level() == EditedText.Level.UNKNOWN;
    }

    /** The cursor's row with those that wrapped into it, without blanks at its end. */
    String logicalRow() {
        long end = screen.cursorRow();
        return reader.logical(RowText.logicalStart(screen, end, MAX_ROW_JOIN), end);
    }

    /** Whether the cursor's row is one that another wrapped into. */
    boolean rowContinues() {
        return RowText.continues(screen, screen.cursorRow());
    }

    /** The rows before the cursor, for text that other output was mixed into. */
    String recentRows() {
        long end = screen.cursorRow();
        StringBuilder text = new StringBuilder();
        for (long i = Math.max(screen.firstRow(), end - RECENT_ROWS); i <= end; i++) {
            text.append(RowText.of(screen, i)).append('\n');
        }
        return text.toString();
    }

    /** A line was taken: what its rows show is not read again. */
    void endEdit() {
        edit = null;
        continueAhead();
    }

    /** What was typed ahead belongs to an edit of its own, whose begin nobody saw. */
    private void continueAhead() {
        screen.dropHistory();
        if (!bracketed && (!pending.isEmpty() || !current.isUntouched())) {
            beginEdit(false);
        }
    }
}
