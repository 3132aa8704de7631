package dev.bastion.audit.ledger;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits for the writer, bounded in entries and bytes; what the writer has taken counts until
 * it is settled. Thread-safe; only {@link #take} and {@link #pause} wait.
 */
final class AppendQueue {

    /** 4 MiB: one batch is no longer than this, unless a single call is. */
    static final long MAX_BATCH_BYTES = 4 << 20;

    /**
     * So long an append that nobody waits for waits for others, before one sync serves them: a sync
     * that is under way is what an Enter of another session waits for.
     */
    static final Duration GATHER = Duration.ofMillis(25);

    /** So many entries are synced without waiting for more. */
    static final int GATHERED_ENTRIES = 1_000;

    private final int maxEntries;
    private final long maxBytes;
    private final Duration gather;

    @GuardedBy("this")
    private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private int entries;

    @GuardedBy("this")
    private long bytes;

    /** Whether something waits whose sync must not wait. */
    @GuardedBy("this")
    private boolean hurried;

    @GuardedBy("this")
    private boolean closed;

    AppendQueue(int maxEntries, long maxBytes, Duration gather) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        this.gather = gather;
    }

    enum Offer {
        TAKEN,
        FULL,
        CLOSED
    }

    synchronized Offer offer(PendingAppend append) {
        if (closed) {
            return Offer.CLOSED;
        }
        if (entries + append.payloads().size() > maxEntries
                || bytes + append.entryBytes() > maxBytes) {
            return Offer.FULL;
        }
        boolean first = waiting.isEmpty();
        waiting.add(append);
        entries += append.payloads().size();
        bytes += append.entryBytes();
        boolean hurries = !append.soon() || entries >= GATHERED_ENTRIES || bytes >= MAX_BATCH_BYTES;
        if (hurries) {
            hurried = true;
        }
        // One that may wait wakes the writer only to begin waiting for more.
        if (hurries || first) {
            notifyAll();
        }
        return Offer.TAKEN;
    }

    /** What waits is taken at once. */
    synchronized void hurry() {
        if (!waiting.isEmpty()) {
            hurried = true;
            notifyAll();
        }
    }

    /**
     * Waits for the next batch, in order, and if nothing in it is urgent, for more of it; empty
     * when closed and nothing is left.
     */
    synchronized List<PendingAppend> take() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        gather();
        List<PendingAppend> batch = new ArrayList<>();
        long batchBytes = 0;
        for (PendingAppend head = waiting.peek();
                head != null
                        && (batch.isEmpty() || batchBytes + head.entryBytes() <= MAX_BATCH_BYTES);
                head = waiting.peek()) {
            batch.add(head);
            batchBytes += head.entryBytes();
            waiting.remove();
        }
        hurried = !waiting.isEmpty();
        return batch;
    }

    private synchronized void gather() throws InterruptedException {
        long end = System.nanoTime() + gather.toNanos();
        for (long left = gather.toMillis(); left > 0 && !hurried && !closed; ) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    /** The writer is done with these, one way or the other. */
    synchronized void settled(List<PendingAppend> batch) {
        for (PendingAppend append : batch) {
            entries -= append.payloads().size();
            bytes -= append.entryBytes();
        }
    }

    synchronized int entries() {
        return entries;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean closed() {
        return closed;
    }

    /** Waits this long, or until the queue is closed. */
    synchronized void pause(Duration howLong) throws InterruptedException {
        long end = System.nanoTime() + howLong.toNanos();
        for (long left = howLong.toMillis(); left > 0 && !closed; ) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }
}
