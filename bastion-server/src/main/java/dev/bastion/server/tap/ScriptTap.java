package dev.bastion.server.tap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditRecord;
import dev.bastion.server.relay.RelayTap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The tap of a session without a terminal. Nothing is edited or echoed there, so a line is what was
 * sent, and it is in the ledger before its end reaches the host. The data of an exec is no lines
 * and passes.
 *
 * <p>Thread-safe; called from the two connections' readers. Nothing here blocks.
 */
public final class ScriptTap implements RelayTap {

    /** A line is recorded in pieces of this many bytes. */
    static final int LINE_LIMIT_BYTES = 4096;

    private final SessionRecorder recorder;
    private final boolean recordsLines;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @GuardedBy("lock")
    private long lines;

    @GuardedBy("lock")
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    @GuardedBy("lock")
    private boolean over;

    /**
     * @param recordsLines whether what goes to the host is lines at all, or the data of a command
     */
    public ScriptTap(SessionRecorder recorder, boolean recordsLines) {
        this.recorder = recorder;
        this.recordsLines = recordsLines;
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
            int firstEnd = -1;
            for (int i = offset; i < offset + length; i++) {
                boolean ends = bytes[i] == '\n' || bytes[i] == '\r';
                if (!ends) {
                    line.write(bytes[i]);
                }
                if (ends || line.size() >= LINE_LIMIT_BYTES) {
                    firstEnd = firstEnd < 0 ? i : firstEnd;
                    records.add(take());
                }
            }
            if (firstEnd < 0) {
                passage.pass(offset, length, null);
            } else {
                passage.pass(offset, firstEnd - offset, null);
                passage.pass(firstEnd, offset + length - firstEnd, append(records));
            }
        }
    }

    @GuardedBy("lock")
    private AuditRecord take() {
        String keys = Keystrokes.readable(line.toByteArray(), line.size());
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        return recorder.line(++lines, keys, text);
    }

    /** Appends after all that was appended before it; completes when durable. */
    @GuardedBy("lock")
    private CompletableFuture<?> append(List<AuditRecord> records) {
        last =
                last.isDone() && !last.isCompletedExceptionally()
                        ? recorder.append(records)
                        : last.thenCompose(before -> recorder.append(records));
        return last;
    }

    @Override
    public void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage) {
        passage.pass(offset, length, null);
    }

    @Override
    public CompletableFuture<?> ended() {
        synchronized (lock) {
            over = true;
            if (line.size() > 0) {
                var _ = append(List.of(take()));
            }
            return last.exceptionally(failure -> null);
        }
    }
}
