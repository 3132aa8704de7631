package dev.bastion.audit;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The append side of the audit trail.
 *
 * <p><b>Durability.</b> When a returned future completes normally, every record of that call is in
 * the ledger and synced to the device; it survives a killed process and a power cut. Until then
 * nothing that the record speaks of may go on. Records of one call stand in the ledger in their
 * order, with nothing between them; calls made one after another by one thread stand in the order
 * of the calls.
 *
 * <p><b>When the ledger cannot be written</b> futures stay incomplete while the writer goes on
 * trying, and {@link #state()} says why. They complete exceptionally with {@link AuditLogException}
 * only when the queue is full or the log is closed: then the records are not in the ledger.
 *
 * <p>Thread-safe. No call blocks. Futures complete on the writer's thread: what depends on one must
 * not block there.
 */
public interface AuditLog extends AutoCloseable {

    /** Appends one record; the future gives its place in the ledger. */
    CompletableFuture<SequenceNumber> append(AuditRecord record);

    /**
     * Appends records as one piece with one sync.
     *
     * @param records at least one
     * @return the place of the last of them
     */
    CompletableFuture<SequenceNumber> appendAll(List<? extends AuditRecord> records);

    /**
     * Appends records of what has happened already, for which nobody waits: like {@link
     * #appendAll}, but their sync may be a few milliseconds late, so that many calls share one.
     * Whatever is appended after them, and {@link #hurry}, syncs them at once.
     *
     * @param records at least one
     * @return the place of the last of them
     */
    CompletableFuture<SequenceNumber> appendSoon(List<? extends AuditRecord> records);

    /** What waits is synced at once. */
    void hurry();

    /** What the log can do at this moment. */
    AuditLogState state();

    /**
     * Calls back on each change of {@link #state()}, on the writer's thread, never blocking.
     *
     * @return closes the subscription
     */
    AutoCloseable onStateChange(Consumer<AuditLogState> listener);

    /** Writes what is queued, syncs, and ends. Later appends fail. Idempotent. */
    @Override
    void close();
}
