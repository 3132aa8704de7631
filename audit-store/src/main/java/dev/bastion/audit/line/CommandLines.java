package dev.bastion.audit.line;

/**
 * Finds out which command lines a session's shells received. It is fed all bytes of both
 * directions, in order, and tells its listener when a line is decided, which is when the output
 * shows it: after the Enter, never before.
 *
 * <p>What was not shown is not told: of it only a rough count of keys. Memory is bounded, whatever
 * the bytes are. No method throws for what the bytes hold: a fault inside lowers the confidence of
 * the lines that were waiting. Confined to one thread at a time.
 */
public final class CommandLines implements AutoCloseable {

    /** Output that may come while lines wait and none is decided, in bytes. */
    private static final int MAX_UNRESOLVED_OUTPUT = 256 * 1024;

    private static final int SLICE = 8 * 1024;

    private final Session session;
    private final Unresolved unresolved;
    private final NestedShell nested;
    private final Typing typing;
    private final KeyTokenizer keys;
    private final OutputParser parser;
    private final IdleOutput idle = new IdleOutput();
    private int waitedBytes;
    private boolean closed;
    private int faults;

    /**
     * @param columns of the terminal; 0 for unknown
     * @param rows of the terminal; 0 for unknown
     */
    public CommandLines(int columns, int rows, LineListener listener) {
        session = new Session(columns, rows, listener);
        unresolved = new Unresolved(session);
        nested = new NestedShell(session);
        typing = new Typing(session, unresolved, nested);
        keys = new KeyTokenizer(typing);
        parser = new OutputParser(session.screen, new Settling(session, unresolved, nested));
    }

    /** What the operator typed, at a time of a clock that never goes back. */
    public void input(byte[] bytes, int offset, int length, long nanos) {
        input(bytes, offset, length, nanos, true);
    }

    /**
     * The same, in pieces: an Escape at the end of a piece may begin a sequence that goes on in the
     * next.
     *
     * @param first whether this is the first piece of what came at once
     */
    public void input(byte[] bytes, int offset, int length, long nanos, boolean first) {
        if (closed || length == 0) {
            return;
        }
        try {
            // What was kept and not drawn yet came before this key, and is judged by that time.
            session.now = session.lastOutputNanos;
            awake();
            session.now = nanos;
            if (first) {
                keys.pause();
                session.roundTrip.key(nanos);
            }
            waitedBytes = 0;
            keys.feed(bytes, offset, length);
        } catch (RuntimeException fault) {
            recover();
        }
    }

    /** What the host sent. */
    public void output(byte[] bytes, int offset, int length, long nanos) {
        if (closed || length == 0) {
            return;
        }
        session.now = nanos;
        try {
            session.roundTrip.output(nanos);
            session.held.releaseSettled(nanos);
            int from = offset;
            int end = offset + length;
            while (from < end) {
                if (session.isIdle()) {
                    from += idle.skip(bytes, from, end - from);
                    if (idle.sawMark()) {
                        awake();
                    }
                } else {
                    int slice = Math.min(SLICE, end - from);
                    watched(bytes, from, slice);
                    from += slice;
                }
            }
            session.lastOutputNanos = nanos;
        } catch (RuntimeException fault) {
            recover();
        }
    }

    private void watched(byte[] bytes, int from, int length) {
        boolean asked = asksForSecret();
        int waiting = session.pending.size();
        parser.feed(bytes, from, length);
        if (!asked && hasKeys() && asksForSecret()) {
            redact();
        }
        waitedBytes = session.pending.size() < waiting ? 0 : waitedBytes + length;
        if (waitedBytes > MAX_UNRESOLVED_OUTPUT && !session.bracketed) {
            waitedBytes = 0;
            unresolved.giveUpAll();
        }
    }

    /** Whether the cursor's row asks for a secret, and is not a line that is being edited. */
    private boolean asksForSecret() {
        return Prompts.asksForSecret(session.leftOfCursor()) && !session.isInLine();
    }

    private boolean hasKeys() {
        return !session.pending.isEmpty()
                || !session.held.isEmpty()
                || !session.current.isUntouched();
    }

    /** What was typed before something asked for a secret may be that secret. */
    private void redact() {
        session.pending.forEach(CommandLines::redactUnlessAsking);
        session.held.redact();
        redactUnlessAsking(session.current);
    }

    private static void redactUnlessAsking(TypedLine line) {
        if (!line.isUntouched() && !Prompts.asksForSecret(line.edited.text())) {
            line.redact();
        }
    }

    /** The terminal has another size now. */
    public void resize(int columns, int rows) {
        if (closed) {
            return;
        }
        session.screen.resize(columns, rows);
        Edit edit = session.edit;
        if (edit == null) {
            return;
        }
        if (!session.pending.isEmpty() || !session.current.isUntouched()) {
            edit.resized = true;
        } else {
            edit.dropAnchor();
        }
    }

    /** Draws what was skipped, so that the screen shows what the operator sees. */
    private void awake() {
        if (idle.isEmpty()) {
            return;
        }
        if (idle.lostBytes()) {
            session.screen.forget();
            parser.reset();
        }
        byte[] tail = idle.takeTail();
        parser.feed(tail, 0, tail.length);
        session.screen.dropHistory();
    }

    private void recover() {
        faults++;
        session.pending.forEach(TypedLine::fault);
        session.current.fault();
        session.edit = null;
        nested.end();
        session.screen.forget();
        parser.reset();
        keys.reset();
        idle.clear();
    }

    /** What is known of the line that is being typed, as if it were entered now. */
    public EnteredLine current() {
        try {
            return typing.current();
        } catch (RuntimeException fault) {
            recover();
            return new EnteredLine("", false, 0, 0, false, false, session.enters + 1);
        }
    }

    /** Whether what is being typed stands at a prompt that is known to show it. */
    public boolean isAtKnownPrompt() {
        return session.current.isAtKnownPrompt() && !session.current.mustRedact();
    }

    /** How many Enters and aborts were typed up to now; records say which one they are. */
    public long enters() {
        return session.enters;
    }

    /**
     * How often something went wrong inside; the lines that waited then are told with less
     * confidence.
     */
    public int faults() {
        return faults;
    }

    /** Decides what still waits, and forgets all. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        nested.end();
        unresolved.finish();
        session.current.wipe();
        session.screen.forget();
    }
}
