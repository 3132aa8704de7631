package dev.bastion.server.tap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditRecord;
import dev.bastion.server.relay.RelayTap;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The tap of a session with a terminal: every line is in the ledger as entered before the key that
 * ends it reaches the host, and as decided when the output shows what it was; what the host does
 * not show is never stored.
 *
 * <p>A chunk goes on at once up to its first accepting key ({@link AcceptingKeys}). What that key
 * and all others of the chunk end is one append, and the rest of the chunk waits for it: one sync.
 * Nothing waits for an echo. Both directions pass {@link SafeLines}, which decide.
 *
 * <p>Thread-safe; called from the two connections' readers. Nothing here blocks.
 */
public final class ShellTap implements RelayTap {

    private final SessionRecorder recorder;
    private final LongSupplier nanos;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final OpenLines lines;

    @GuardedBy("lock")
    private final SafeLines engine;

    @GuardedBy("lock")
    private final OutputTail tail = new OutputTail();

    @GuardedBy("lock")
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    @GuardedBy("lock")
    private boolean over;

    /**
     * @param columns of the terminal; 0 for unknown, as {@code rows}
     * @param recordedBefore lines of this session that are recorded already: the command of an exec
     * @param random makes the key that keystrokes are sealed under
     * @param nanos a clock that never goes back
     */
    public ShellTap(
            SessionRecorder recorder,
            SecureRandom random,
            int columns,
            int rows,
            long recordedBefore,
            LongSupplier nanos) {
        this.recorder = recorder;
        this.nanos = nanos;
        lines = new OpenLines(recorder, new SealedKeys(random), recordedBefore);
        engine = new SafeLines(recorder, lines, columns, rows);
    }

    @Override
    public void toHost(byte[] bytes, int offset, int length, Passage passage) {
        synchronized (lock) {
            if (over) {
                return;
            }
            long now = nanos.getAsLong();
            int end = offset + length;
            int from = offset;
            int firstAccepting = -1;
            for (int i = offset; i < end; i++) {
                if (AcceptingKeys.is(bytes[i])) {
                    firstAccepting = firstAccepting < 0 ? i : firstAccepting;
                    lines.typed(bytes, from, i + 1 - from);
                    lines.accepting(bytes[i]);
                    engine.input(bytes, from, i + 1, now, from == offset);
                    lines.accepted(engine.isAtKnownPrompt());
                    from = i + 1;
                }
            }
            if (from < end) {
                lines.typed(bytes, from, end - from);
                engine.input(bytes, from, end, now, from == offset);
            }
            CompletableFuture<?> durable = append(firstAccepting >= 0);
            if (firstAccepting < 0) {
                passage.pass(offset, length, null);
            } else {
                passage.pass(offset, firstAccepting - offset, null);
                passage.pass(firstAccepting, end - firstAccepting, durable);
            }
        }
    }

    @Override
    public void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage) {
        synchronized (lock) {
            if (!over) {
                tail.add(bytes, offset, length);
                long now = nanos.getAsLong();
                engine.output(bytes, offset, length, now);
                var _ = append(false);
            }
        }
        passage.pass(offset, length, null);
    }

    @Override
    public void resized(int columns, int rows) {
        synchronized (lock) {
            if (!over) {
                engine.resize(columns, rows);
            }
        }
    }

    @Override
    public boolean mayInterrupt() {
        synchronized (lock) {
            return tail.isBetween();
        }
    }

    @Override
    public CompletableFuture<?> ended() {
        synchronized (lock) {
            over = true;
            engine.close();
            lines.end();
            var _ = append(true);
            recorder.hurry();
            return last.exceptionally(failure -> null);
        }
    }

    /**
     * Appends what was made of the last chunk.
     *
     * @param awaited whether something waits for it; what is decided of lines that are entered
     *     already may wait for others
     * @return completes when it and all before it is durable
     */
    @GuardedBy("lock")
    private CompletableFuture<?> append(boolean awaited) {
        List<AuditRecord> records = lines.takeRecords();
        if (records.isEmpty()) {
            return last;
        }
        CompletableFuture<?> durable;
        try {
            durable = awaited ? recorder.append(records) : recorder.appendSoon(records);
        } catch (RuntimeException e) {
            durable = CompletableFuture.failedFuture(e);
        }
        last =
                last.isDone() && !last.isCompletedExceptionally()
                        ? durable
                        : CompletableFuture.allOf(last, durable);
        return last;
    }
}
