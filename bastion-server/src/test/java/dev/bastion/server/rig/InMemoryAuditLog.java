package dev.bastion.server.rig;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Keeps records in a list. What is appended is durable at once or, after {@link #holdAppends}, when
 * the test says so. Thread-safe.
 */
public final class InMemoryAuditLog implements AuditLog {

    /** Each append as it was asked for. */
    public final List<List<AuditRecord>> batches = new CopyOnWriteArrayList<>();

    /** What is durable. */
    public final List<AuditRecord> records = new CopyOnWriteArrayList<>();

    private record Held(List<AuditRecord> batch, CompletableFuture<SequenceNumber> done) {}

    private final ArrayDeque<Held> waiting = new ArrayDeque<>();
    private boolean failNext;
    private boolean hold;

    public synchronized void failNextAppend() {
        failNext = true;
    }

    /** From now on an append is durable after {@link #completeNext}. */
    public synchronized void holdAppends() {
        hold = true;
    }

    /** Makes the oldest append durable that is not; whether there was one. */
    public boolean completeNext() {
        Held oldest;
        synchronized (this) {
            oldest = waiting.poll();
            if (oldest == null) {
                return false;
            }
            records.addAll(oldest.batch);
        }
        oldest.done.complete(new SequenceNumber(records.size()));
        return true;
    }

    /** Fails the oldest append that is not durable. */
    public void failHeld() {
        Held oldest;
        synchronized (this) {
            oldest = waiting.remove();
        }
        oldest.done.completeExceptionally(new AuditLogException("closed"));
    }

    @Override
    public CompletableFuture<SequenceNumber> append(AuditRecord record) {
        return appendAll(List.of(record));
    }

    @Override
    public synchronized CompletableFuture<SequenceNumber> appendAll(
            List<? extends AuditRecord> added) {
        if (failNext) {
            failNext = false;
            return CompletableFuture.failedFuture(new AuditLogException("full"));
        }
        List<AuditRecord> batch = List.copyOf(added);
        batches.add(batch);
        if (hold) {
            Held held = new Held(batch, new CompletableFuture<>());
            waiting.add(held);
            return held.done;
        }
        records.addAll(batch);
        return CompletableFuture.completedFuture(new SequenceNumber(records.size()));
    }

    @Override
    public CompletableFuture<SequenceNumber> appendSoon(List<? extends AuditRecord> added) {
        return appendAll(added);
    }

    @Override
    public void hurry() {}

    @Override
    public AuditLogState state() {
        return new AuditLogState.Writable();
    }

    @Override
    public AutoCloseable onStateChange(Consumer<AuditLogState> listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}
