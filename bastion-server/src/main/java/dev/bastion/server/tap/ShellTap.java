package dev.bastion.server.tap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditRecord;
import dev.bastion.server.relay.RelayTap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tap of a shell: every line is in the ledger before the key that ends it reaches the host, and
 * what the host does not echo is never stored.
 *
 * <p>A chunk goes on at once up to its first line end. If all keys of that line have been shown,
 * its record is appended and the rest of the chunk waits for it, and for all other lines of the
 * chunk: one sync. If the chunk ends one line and its echo is still under way, the line end waits
 * for the echo, at most {@link #ECHO_WAIT_MILLIS}. What is not shown by then is recorded as pending
 * and judged by the rows that the host completes after it ({@link PendingLines}): its text, or a
 * marker.
 *
 * <p>Thread-safe; called from the two connections' readers. Nothing here blocks.
 */
public final class ShellTap implements RelayTap {

    /** How long a line end waits for the echo of its line. */
    static final long ECHO_WAIT_MILLIS = 150;

    /** A line is recorded in pieces of this many bytes. */
    static final int LINE_LIMIT_BYTES = 4096;

    /** How long entered lines wait for their echo when none of them is shown any more. */
    static final long JUDGE_LIMIT_MILLIS = 3000;

    private static final int CTRL_A = 0x01;
    private static final int CTRL_C = 0x03;
    private static final int CTRL_D = 0x04;
    private static final int CTRL_E = 0x05;
    private static final int CTRL_H = 0x08;
    private static final int CTRL_K = 0x0B;
    private static final int CTRL_O = 0x0F;
    private static final int CTRL_U = 0x15;
    private static final int CTRL_W = 0x17;
    private static final int CTRL_BACKSLASH = 0x1C;
    private static final int DELETE = 0x7F;

    private final SessionRecorder recorder;
    private final boolean terminal;
    private final boolean recordsLines;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final OutputScanner scanner = new OutputScanner();

    @GuardedBy("lock")
    private final Utf8Decoder keys = new Utf8Decoder();

    @GuardedBy("lock")
    private final KeySequence sequence = new KeySequence();

    @GuardedBy("lock")
    private final PendingLines pending = new PendingLines();

    @GuardedBy("lock")
    private final OutputRow row = new OutputRow();

    /** What became of lines whose rows one chunk of output completes: one append. */
    @GuardedBy("lock")
    private final List<AuditRecord> judged = new ArrayList<>();

    @GuardedBy("lock")
    private TypedLine line = new TypedLine();

    @GuardedBy("lock")
    private @Nullable EchoWait awaited;

    @GuardedBy("lock")
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    @GuardedBy("lock")
    private boolean editor;

    @GuardedBy("lock")
    private long lines;

    @GuardedBy("lock")
    private boolean expiring;

    @GuardedBy("lock")
    private boolean over;

    /** Counts what happens to pending lines, so that a timer sees whether anything has. */
    @GuardedBy("lock")
    private long judgements;

    private final OutputScanner.Listener output =
            new OutputScanner.Listener() {
                @Override
                @SuppressWarnings(
                        "GuardedBy") // the scanner calls from toOperator, which holds the lock
                public void printed(int point) {
                    echo(point);
                }

                @Override
                @SuppressWarnings("GuardedBy")
                public void lineFeed() {
                    judge(pending.rowCompleted(row), judged);
                    row.clear();
                }

                @Override
                @SuppressWarnings("GuardedBy")
                public void carriageReturn() {
                    row.carriageReturn();
                }

                @Override
                @SuppressWarnings("GuardedBy")
                public void backspace() {
                    row.backspace();
                }

                @Override
                @SuppressWarnings("GuardedBy")
                public void lineEditor(boolean active) {
                    editor = active;
                }
            };

    /** A line whose Enter waits for its echo. */
    private record EchoWait(TypedLine line, CompletableFuture<Void> seen) {}

    /**
     * @param terminal whether the host has a terminal for this session; without one nothing is ever
     *     echoed, and the lines are a script's, not a person's
     * @param recordedBefore lines of this session that are recorded already: the command of an exec
     * @param lines whether what goes to the host is lines at all, or the data of a command
     */
    public ShellTap(
            SessionRecorder recorder, boolean terminal, boolean lines, long recordedBefore) {
        this.recorder = recorder;
        this.terminal = terminal;
        this.recordsLines = lines;
        this.lines = recordedBefore;
    }

    @Override
    public void toHost(byte[] bytes, int offset, int length, Passage passage) {
        if (!recordsLines) {
            passage.pass(offset, length, null);
            return;
        }
        synchronized (lock) {
            if (over) {
                return;
            }
            List<AuditRecord> records = new ArrayList<>();
            int end = offset + length;
            int firstLineEnd = -1;
            for (int i = offset; i < end; i++) {
                boolean ends = key(bytes[i]);
                if (!ends) {
                    continue;
                }
                if (firstLineEnd < 0) {
                    firstLineEnd = i;
                }
                boolean enter = bytes[i] == '\r' || bytes[i] == '\n';
                boolean only = enter && records.isEmpty() && i == end - 1;
                if (only && !shown(line) && pending.isEmpty()) {
                    passage.pass(offset, i - offset, null);
                    TypedLine waiting = line;
                    waiting.number(++lines);
                    editor = false;
                    line = new TypedLine();
                    passage.pass(i, 1, enterWhenShown(waiting));
                    return;
                }
                enter(records);
            }
            if (records.isEmpty()) {
                passage.pass(offset, length, null);
                return;
            }
            passage.pass(offset, firstLineEnd - offset, null);
            passage.pass(firstLineEnd, end - firstLineEnd, append(records));
        }
    }

    @Override
    public void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage) {
        if (terminal) {
            synchronized (lock) {
                if (!over) {
                    scanner.scan(bytes, offset, length, output);
                    if (!judged.isEmpty()) {
                        var _ = append(judged);
                        judged.clear();
                    }
                }
            }
        }
        passage.pass(offset, length, null);
    }

    @Override
    public boolean mayInterrupt() {
        synchronized (lock) {
            return scanner.isBetween();
        }
    }

    @Override
    public CompletableFuture<?> ended() {
        synchronized (lock) {
            over = true;
            if (awaited != null) {
                // Its echo cannot come any more.
                awaited.seen.complete(null);
            }
            judgeAll();
            if (!line.isEmpty()) {
                List<AuditRecord> records = new ArrayList<>();
                enter(records);
                var _ = append(records);
            }
            return last.exceptionally(failure -> null).thenCompose(done -> judgeTheRest());
        }
    }

    private CompletableFuture<?> judgeTheRest() {
        synchronized (lock) {
            judgeAll();
            return last.exceptionally(failure -> null);
        }
    }

    /** Edits the line by one byte; whether it ends the line. */
    @GuardedBy("lock")
    private boolean key(byte value) {
        line.rawByte(value);
        int point = keys.next(value);
        if (point == Utf8Decoder.INCOMPLETE) {
            return line.rawLength() >= LINE_LIMIT_BYTES;
        }
        if (sequence.next(point, line)) {
            return line.rawLength() >= LINE_LIMIT_BYTES;
        }
        switch (point) {
            case '\r', '\n', CTRL_O -> {
                return true;
            }
            case CTRL_C, CTRL_BACKSLASH -> {
                line.endedBy(point);
                return true;
            }
            case CTRL_D -> {
                if (editor && !line.text().isEmpty()) {
                    line.deleteUnderCursor();
                } else {
                    line.endedBy(point);
                    return true;
                }
            }
            case CTRL_A -> line.home();
            case CTRL_E -> line.end();
            case CTRL_H, DELETE -> line.backspace();
            case CTRL_K -> line.killToEnd();
            case CTRL_U -> line.killToStart();
            case CTRL_W -> line.killWord();
            default -> {
                if (point >= 0x20) {
                    line.type(point, editor);
                }
            }
        }
        return line.rawLength() >= LINE_LIMIT_BYTES;
    }

    /** Takes the line into the records, and begins the next. */
    @GuardedBy("lock")
    private void enter(List<AuditRecord> records) {
        line.number(++lines);
        record(line, false, records);
        if (!sequence.inPaste()) {
            editor = false;
        }
        line = new TypedLine();
    }

    @GuardedBy("lock")
    private void record(TypedLine ended, boolean alone, List<AuditRecord> records) {
        if (shown(ended)) {
            records.add(recorder.line(ended.seq(), ended.keystrokes(), ended.text()));
            ended.wipe();
            return;
        }
        String marker = "[echo pending: " + Keystrokes.lengthClass(ended.keys()) + "]";
        records.add(recorder.line(ended.seq(), marker, marker));
        judge(pending.add(ended, alone), records);
        judgements++;
        expireLater();
    }

    @GuardedBy("lock")
    private boolean shown(TypedLine candidate) {
        return !terminal || candidate.wasShown();
    }

    /** Appends after all that was appended before it; completes when durable. */
    @GuardedBy("lock")
    private CompletableFuture<?> append(List<AuditRecord> records) {
        List<AuditRecord> batch = List.copyOf(records);
        last =
                last.isDone() && !last.isCompletedExceptionally()
                        ? recorder.append(batch)
                        : last.thenCompose(before -> recorder.append(batch));
        return last;
    }

    /** Records the line as soon as it is shown, or when it has not been for too long. */
    @GuardedBy("lock")
    private CompletableFuture<?> enterWhenShown(TypedLine waiting) {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        EchoWait wait = new EchoWait(waiting, seen);
        CompletableFuture<?> before = last;
        last =
                before.thenCompose(done -> {
                    begin(wait);
                    return seen.thenCompose(shown -> appendAwaited(wait));
                });
        return last;
    }

    private void begin(EchoWait wait) {
        synchronized (lock) {
            awaited = wait;
            if (over || shown(wait.line)) {
                wait.seen.complete(null);
                return;
            }
        }
        CompletableFuture.delayedExecutor(ECHO_WAIT_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> wait.seen.complete(null));
    }

    private CompletableFuture<?> appendAwaited(EchoWait wait) {
        List<AuditRecord> records = new ArrayList<>();
        synchronized (lock) {
            awaited = null;
            record(wait.line, true, records);
        }
        try {
            return recorder.append(records);
        } catch (RuntimeException e) {
            throw new CompletionException(e);
        }
    }

    @GuardedBy("lock")
    private void echo(int point) {
        row.print(point);
        EchoWait wait = awaited;
        if (wait == null) {
            line.shown(point);
            return;
        }
        wait.line.shown(point);
        if (wait.line.wasShown()) {
            wait.seen.completeAsync(() -> null);
        }
    }

    /** Judges what waits when nothing of it has been shown for long enough. */
    @GuardedBy("lock")
    private void expireLater() {
        if (expiring) {
            return;
        }
        expiring = true;
        long seenBefore = judgements;
        CompletableFuture.delayedExecutor(JUDGE_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> {
                    synchronized (lock) {
                        expiring = false;
                        if (judgements == seenBefore) {
                            judgeAll();
                        } else if (!pending.isEmpty()) {
                            expireLater();
                        }
                    }
                });
    }

    /** Nothing that waits will be shown any more. */
    @GuardedBy("lock")
    private void judgeAll() {
        List<AuditRecord> records = new ArrayList<>();
        judge(pending.end(), records);
        if (!records.isEmpty()) {
            var _ = append(records);
        }
    }

    @GuardedBy("lock")
    private void judge(List<PendingLines.Judged> lines, List<AuditRecord> records) {
        for (PendingLines.Judged one : lines) {
            judgements++;
            TypedLine decided = one.line();
            String marker = "[not echoed: " + Keystrokes.lengthClass(decided.keys()) + "]";
            records.add(
                    recorder.judged(
                            decided.seq(),
                            one.shown() ? decided.keystrokes() : marker,
                            one.shown() ? decided.text() : marker));
            decided.wipe();
        }
    }
}
