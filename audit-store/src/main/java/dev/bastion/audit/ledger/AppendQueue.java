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

    private final int maxEntries;
    private final long maxBytes;

    @GuardedBy("this")
    private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private int entries;

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private boolean closed;

    AppendQueue(int maxEntries, long maxBytes) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
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
        waiting.add(append);
        entries += append.payloads().size();
        bytes += append.entryBytes();
        notifyAll();
        return Offer.TAKEN;
    }

    /** Waits for the next batch, in order; empty when closed and nothing is left. */
    synchronized List<PendingAppend> take() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
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
        return batch;
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
