package dev.bastion.server.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One direction of a relay: bytes from a source to a destination, in order, as fast as the
 * destination takes them.
 *
 * <p>What the destination can take at once goes on in the caller's thread and is not copied. The
 * rest waits here. The two windows are coupled: the source is granted what the destination has room
 * for, less what waits and what the source may send already. So once the first window is used up
 * nothing waits but what a barrier holds back, and never more than {@link #WINDOW_BYTES}. Bytes
 * behind a barrier wait until it completes; then they go on from the {@code resume} executor, never
 * from the thread that completed it.
 *
 * <p>Thread-safe. The lock is held while writing to the destination, which keeps the order; lock
 * order is source's reader, this, destination's writer.
 */
final class Flow {

    private static final Logger LOG = LoggerFactory.getLogger(Flow.class);

    /** The most that a source may send before the destination has taken any of it. */
    static final long WINDOW_BYTES = 2 << 20;

    /** Grants are not smaller than this while the source has more than as much again to send. */
    private static final long GRANT_BYTES = 256 << 10;

    /** Bytes, an EOF or an action that waits for its turn. */
    private sealed interface Item {}

    private static final class Bytes implements Item {
        final int stream;
        final byte[] data;
        final @Nullable CompletableFuture<?> barrier;
        int sent;

        Bytes(int stream, byte[] data, @Nullable CompletableFuture<?> barrier) {
            this.stream = stream;
            this.data = data;
            this.barrier = barrier;
        }
    }

    /** Something to do when all before it has gone on. */
    private record Step(IoAction action) implements Item {}

    /** A write to the destination. */
    interface IoAction {
        void run() throws IOException;
    }

    private final ChannelEnd source;
    private final ChannelEnd destination;
    private final Executor resume;
    private final Consumer<Throwable> failed;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ArrayDeque<Item> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private long waiting;

    @GuardedBy("lock")
    private boolean held;

    @GuardedBy("lock")
    private boolean discarding;

    @GuardedBy("lock")
    private boolean broken;

    /**
     * @param failed told once of the first barrier that completes exceptionally, and of each write
     *     to the destination that fails
     */
    Flow(ChannelEnd source, ChannelEnd destination, Executor resume, Consumer<Throwable> failed) {
        this.source = source;
        this.destination = destination;
        this.resume = resume;
        this.failed = failed;
    }

    /** Passes bytes on, or keeps a copy until they can go. */
    void data(
            int stream,
            byte[] bytes,
            int offset,
            int length,
            @Nullable CompletableFuture<?> barrier) {
        if (length == 0) {
            return;
        }
        boolean waits = false;
        synchronized (lock) {
            if (discarding) {
                grant();
                return;
            }
            int sent = 0;
            if (queue.isEmpty() && !held && (barrier == null || isOpen(barrier))) {
                sent = sendNow(stream, bytes, offset, length);
            }
            if (sent < length) {
                byte[] rest = Arrays.copyOfRange(bytes, offset + sent, offset + length);
                queue.add(new Bytes(stream, rest, barrier));
                waiting += rest.length;
                waits = true;
            }
            grant();
        }
        if (waits && barrier != null) {
            // Whether or not it is done by now: it may have been open when the bytes were queued.
            var _ = barrier.whenComplete((done, failure) -> resume.execute(this::drain));
        }
    }

    /** Sends bytes before the first that wait for a barrier, and behind all others. */
    void ahead(int stream, byte[] bytes) {
        synchronized (lock) {
            ArrayDeque<Item> behind = new ArrayDeque<>();
            boolean waits = false;
            for (int left = queue.size(); left > 0; left--) {
                Item item = queue.remove();
                waits = waits || waitsForBarrier(item);
                (waits ? behind : queue).add(item);
            }
            data(stream, bytes, 0, bytes.length, null);
            queue.addAll(behind);
            sendWaiting();
        }
    }

    @GuardedBy("lock")
    private boolean waitsForBarrier(Item item) {
        return item instanceof Bytes bytes && bytes.barrier != null && !isOpen(bytes.barrier);
    }

    /** Does something at the destination when all that came before it has gone on. */
    void then(IoAction action) {
        synchronized (lock) {
            queue.add(new Step(action));
        }
        drain();
    }

    /** Sends on what can go now. Called when the destination has room again. */
    void drain() {
        synchronized (lock) {
            sendWaiting();
            grant();
        }
    }

    @GuardedBy("lock")
    private void sendWaiting() {
        while (!held && !queue.isEmpty()) {
            switch (queue.peek()) {
                case Bytes next -> {
                    if (next.barrier != null && !isOpen(next.barrier)) {
                        return;
                    }
                    int sent =
                            sendNow(
                                    next.stream,
                                    next.data,
                                    next.sent,
                                    next.data.length - next.sent);
                    next.sent += sent;
                    waiting -= sent;
                    if (next.sent < next.data.length) {
                        return;
                    }
                    queue.remove();
                }
                case Step step -> {
                    queue.remove();
                    perform(step.action);
                }
                case null -> throw new IllegalStateException("the queue holds no null");
            }
        }
    }

    /** Stops ({@code true}) or goes on, whatever the destination would take. */
    void hold(boolean hold) {
        synchronized (lock) {
            held = hold;
        }
        if (!hold) {
            drain();
        }
    }

    /** Drops the bytes that wait and all that come; steps still happen. The reader has left. */
    void discard() {
        synchronized (lock) {
            discarding = true;
            queue.removeIf(item -> item instanceof Bytes);
            waiting = 0;
        }
        drain();
    }

    /** The bytes that wait. */
    long waitingBytes() {
        synchronized (lock) {
            return waiting;
        }
    }

    /** Whether the barrier lets through; a broken one never does, and says so once. */
    @GuardedBy("lock")
    private boolean isOpen(CompletableFuture<?> barrier) {
        if (!barrier.isDone()) {
            return false;
        }
        if (barrier.isCompletedExceptionally()) {
            if (!broken) {
                broken = true;
                failed.accept(barrier.exceptionNow());
            }
            return false;
        }
        return true;
    }

    @GuardedBy("lock")
    private int sendNow(int stream, byte[] bytes, int offset, int length) {
        int sent = 0;
        try {
            while (sent < length) {
                int piece = (int) Math.min(length - sent, destination.room());
                if (piece <= 0) {
                    break;
                }
                destination.send(stream, bytes, offset + sent, piece);
                sent += piece;
            }
        } catch (IOException e) {
            failed.accept(e);
            discarding = true;
            sent = length;
        }
        return sent;
    }

    /** Lets the source send as much as the destination has room for. */
    @GuardedBy("lock")
    private void grant() {
        long room = discarding ? WINDOW_BYTES : Math.min(destination.room(), WINDOW_BYTES);
        long granted = source.granted();
        long more = room - waiting - granted;
        if (more > 0 && (more >= GRANT_BYTES || more >= granted)) {
            try {
                source.grant(more);
            } catch (IOException e) {
                LOG.debug("the source is gone, as its channel says by itself", e);
            }
        }
    }

    private void perform(IoAction action) {
        try {
            action.run();
        } catch (IOException e) {
            failed.accept(e);
        }
    }
}
