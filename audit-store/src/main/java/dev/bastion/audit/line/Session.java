package dev.bastion.audit.line;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What both directions of a session share. Confined to one thread. */
final class Session {

    /** Lines that wait for their decision; when more are typed the oldest is given up. */
    static final int MAX_PENDING = 2_000;

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

    private int edits;

    Session(int columns, int rows, LineListener listener) {
        screen = new Screen(columns, rows);
        recorder = new Recorder(listener);
        held = new HeldLines(recorder);
        reader = new LineReader(screen, prompts);
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
}
