package dev.bastion.audit.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes checkpoints on to one sink: always the newest, which speaks for all before it.
 * Thread-safe. A daemon thread of its own waits for the sink, so that signing and the other sinks
 * do not.
 */
final class CheckpointDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDelivery.class);

    private final CheckpointSink sink;
    private final Duration retry;
    private final AtomicReference<@Nullable Checkpoint> waiting = new AtomicReference<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("ledger-checkpoint-sink").unstarted(this::run);
    private volatile boolean closed;

    private CheckpointDelivery(CheckpointSink sink, Duration retry) {
        this.sink = sink;
        this.retry = retry;
    }

    /**
     * Begins.
     *
     * @param retry between a failure and the next try
     */
    static CheckpointDelivery start(CheckpointSink sink, Duration retry) {
        var delivery = new CheckpointDelivery(sink, retry);
        delivery.thread.start();
        return delivery;
    }

    /** Takes the place of what was not passed on yet. Never waits. */
    void pass(Checkpoint newest) {
        waiting.set(newest);
        LockSupport.unpark(thread);
    }

    private void run() {
        int failures = 0;
        while (true) {
            // Read first: what was passed before the end is tried once more.
            boolean last = closed;
            Checkpoint next = waiting.get();
            if (next != null) {
                failures = taken(next, failures);
            }
            if (last) {
                return;
            }
            if (next == null) {
                LockSupport.park(this);
            } else if (failures > 0) {
                pause();
            }
        }
    }

    private int taken(Checkpoint checkpoint, int failures) {
        try {
            sink.take(checkpoint);
            waiting.compareAndSet(checkpoint, null);
            return 0;
        } catch (IOException | RuntimeException e) {
            if (Integer.bitCount(failures + 1) == 1) {
                LOG.warn(
                        "A checkpoint of the ledger cannot be passed on to {}; it is tried again (failure {} in a row): {}",
                        sink,
                        failures + 1,
                        e.getMessage());
            }
            return failures + 1;
        }
    }

    private void pause() {
        long end = System.nanoTime() + retry.toNanos();
        for (long left = retry.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Tries what is still to be passed on, if the sink takes it in so long. */
    void close(Duration patience) throws InterruptedException {
        closed = true;
        LockSupport.unpark(thread);
        if (!thread.join(patience)) {
            LOG.warn("{} does not take the last checkpoint of the ledger.", sink);
        }
    }
}
