package dev.bastion.server.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is waited for at hosts for somebody: a channel, a connection. When they are gone it is given
 * up at once, however long a host might still take. Thread-safe.
 */
public final class Waits {

    @GuardedBy("this")
    private final Set<Wait> underWay = new HashSet<>();

    @GuardedBy("this")
    private boolean givenUp;

    /** One of them, until it is closed. */
    public final class Wait implements AutoCloseable {

        private final Runnable end;

        private Wait(Runnable end) {
            this.end = end;
        }

        /** What is waited for has come, or never will. Idempotent. */
        @Override
        public void close() {
            synchronized (Waits.this) {
                underWay.remove(this);
            }
        }
    }

    /**
     * Something is waited for from now on.
     *
     * @param end gives it up, so that nobody waits any more; once, on any thread, and on this one
     *     when all was given up already. Must not block
     */
    public Wait begin(Runnable end) {
        Wait wait = new Wait(end);
        synchronized (this) {
            if (!givenUp) {
                underWay.add(wait);
                return wait;
            }
        }
        end.run();
        return wait;
    }

    /** Whether nobody waits any more. */
    public synchronized boolean areGivenUp() {
        return givenUp;
    }

    /**
     * Nobody waits any more, now or later. Does not block; what it ends it ends on this thread,
     * which must be none that serves sockets.
     */
    public void giveUp() {
        takeAll().forEach(wait -> wait.end.run());
    }

    /** The same for a thread that serves sockets: what it ends it ends on one of its own. */
    public void giveUpElsewhere() {
        List<Wait> all = takeAll();
        if (!all.isEmpty()) {
            Thread.ofVirtual().name("given-up").start(() -> all.forEach(wait -> wait.end.run()));
        }
    }

    private synchronized List<Wait> takeAll() {
        givenUp = true;
        List<Wait> all = List.copyOf(underWay);
        underWay.clear();
        return all;
    }
}
