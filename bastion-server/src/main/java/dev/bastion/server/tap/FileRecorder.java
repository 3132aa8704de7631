package dev.bastion.server.tap;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of what one session does to files, and appends them. They tell of what has
 * happened, so nothing waits for them but the end of the session. Confined to its tap's lock, but
 * for {@link #failure}.
 */
public final class FileRecorder {

    /** Records of one append; a session that ends with much unfinished makes several. */
    private static final int BATCH_RECORDS = 200;

    private static final Executor END = task -> Thread.ofVirtual().name("relay-end").start(task);

    private final AuditLog log;
    private final SessionContext context;
    private final InstantSource clock;
    private final List<AuditRecord> gathered = new ArrayList<>();
    private volatile CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private volatile @Nullable CompletableFuture<?> failure;

    public FileRecorder(AuditLog log, SessionContext context, InstantSource clock) {
        this.log = log;
        this.context = context;
        this.clock = clock;
    }

    /** Gathers a record with the time of this moment. */
    public void add(
            String operation,
            String path,
            String target,
            @Nullable Long bytes,
            @Nullable String sha256,
            String result) {
        gathered.add(
                new AuditRecord.FileOperated(
                        clock.instant(), context, operation, path, target, bytes, sha256, result));
    }

    /**
     * Appends what was gathered.
     *
     * @return completes when all that was ever appended is durable or can never be
     */
    public CompletableFuture<?> append() {
        for (int from = 0; from < gathered.size(); from += BATCH_RECORDS) {
            int to = Math.min(from + BATCH_RECORDS, gathered.size());
            CompletableFuture<?> appended = log.appendSoon(List.copyOf(gathered.subList(from, to)));
            last = appended.whenComplete((place, failed) -> noteFailure(appended, failed));
        }
        gathered.clear();
        return last;
    }

    private void noteFailure(CompletableFuture<?> appended, @Nullable Throwable failed) {
        if (failed != null) {
            failure = appended;
        }
    }

    /**
     * Ends the session's records on a thread of its own, because whoever tells a tap of the end may
     * hold a lock that another thread waits for under the tap's.
     *
     * @param rest appends what is left, under the tap's lock
     * @return completes normally when all that was ever appended is durable or can never be
     */
    public CompletableFuture<?> end(Runnable rest) {
        return CompletableFuture.runAsync(rest, END)
                .thenCompose(done -> {
                    log.hurry();
                    return last;
                })
                .handle((done, failed) -> null);
    }

    /** An append that failed: nothing more may happen. Safe to call from any thread. */
    public @Nullable CompletableFuture<?> failure() {
        return failure;
    }
}
