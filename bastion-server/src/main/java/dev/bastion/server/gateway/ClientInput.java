package dev.bastion.server.gateway;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.menu.terminal.KeySource;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the client of one session sends: read by the session itself a byte at a time, or given to
 * the relay while a host is there. What comes for a host whose session is not handed over yet waits
 * here: data, requests, and the CLOSE. {@link #handOver} empties all of it into the relay under the
 * same lock that it is added with, so nothing is lost or overtaken.
 *
 * <p>Thread-safe. Only {@link #pull} blocks.
 */
final class ClientInput {

    /** What became of a request. */
    enum Kept {
        /** It waits for the host. */
        KEPT,
        /** No host is awaited: it is for whoever serves the session now. */
        NOT_KEPT,
        /** More would wait than may. */
        ONE_TOO_MANY
    }

    /** Refuses the oldest unanswered request. */
    interface Refuser {
        void refuse() throws IOException;
    }

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final InputQueue queue = new InputQueue();

    @GuardedBy("lock")
    private final EarlyRequests early = new EarlyRequests();

    /** The client's answers to a host whose session is not handed over yet. */
    @GuardedBy("lock")
    private final ArrayDeque<Boolean> answers = new ArrayDeque<>();

    /** What the client asks is for a host whose session is not handed over yet. */
    @GuardedBy("lock")
    private boolean awaitsHost;

    /**
     * A host's session begins and is not handed over yet, or is over and how it ended is still to
     * be told. What the host says may be ahead of either.
     */
    @GuardedBy("lock")
    private boolean hostHasTheWord;

    /** The client's CLOSE has come, and was not answered at once. */
    @GuardedBy("lock")
    private boolean closed;

    private volatile @Nullable Relay relay;

    /** The relay that a host is on; absent while the session reads itself. */
    @Nullable Relay relay() {
        return relay;
    }

    void data(byte[] data, int offset, int length) {
        Relay running = relay;
        if (running != null) {
            running.operatorData(data, offset, length);
            return;
        }
        synchronized (lock) {
            Relay begun = relay;
            if (begun != null) {
                begun.operatorData(data, offset, length);
            } else if (length > 0) {
                queue.add(Arrays.copyOfRange(data, offset, offset + length));
                lock.notifyAll();
            }
        }
    }

    void eof() {
        synchronized (lock) {
            end();
            Relay running = relay;
            if (running != null) {
                running.operatorEof();
            }
        }
    }

    /** Nothing more comes. */
    void end() {
        synchronized (lock) {
            queue.end();
            lock.notifyAll();
        }
    }

    /** The terminal has another size, which whoever reads the keys is told of. */
    void resized() {
        synchronized (lock) {
            queue.resize();
            lock.notifyAll();
        }
    }

    /**
     * The client closes the channel.
     *
     * @return whether a host has the last words, so that the answer comes after them
     */
    boolean closing() {
        synchronized (lock) {
            end();
            Relay running = relay;
            closed |= running != null || hostHasTheWord;
            if (running != null) {
                running.operatorClosing();
            }
            return closed;
        }
    }

    /** The session was started, and goes to a host or not. */
    void started(boolean forHost) {
        synchronized (lock) {
            awaitsHost = forHost;
        }
    }

    /**
     * Keeps a request for the host that is awaited.
     *
     * @param permitted whether it may go there
     */
    Kept keep(ChannelRequest asked, boolean permitted) {
        synchronized (lock) {
            if (!awaitsHost) {
                return Kept.NOT_KEPT;
            }
            return early.add(asked, permitted) ? Kept.KEPT : Kept.ONE_TOO_MANY;
        }
    }

    /** The client answers a host; what comes when there is none, or too often, is dropped. */
    void answer(boolean success) throws IOException {
        synchronized (lock) {
            Relay running = relay;
            if (running != null) {
                running.operatorReply(success);
            } else if (hostHasTheWord && answers.size() < EarlyRequests.MOST) {
                answers.add(success);
            }
        }
    }

    /**
     * The next byte, or one of {@link KeySource}'s answers. Blocks.
     *
     * @param refuser refuses a request that waited for a host that never came
     */
    int pull(Duration wait, Refuser refuser) throws IOException {
        long end = System.nanoTime() + wait.toNanos();
        synchronized (lock) {
            forgetHost(refuser);
            int answer = queue.poll();
            while (answer == KeySource.TIMEOUT) {
                long leftMillis = (end - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    break;
                }
                try {
                    lock.wait(leftMillis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return KeySource.END;
                }
                answer = queue.poll();
            }
            return answer;
        }
    }

    /** The session is the bastion's own again: what waited for a host is refused. */
    @GuardedBy("lock")
    private void forgetHost(Refuser refuser) throws IOException {
        if (hostHasTheWord) {
            hostHasTheWord = false;
            awaitsHost = false;
            answers.clear();
            for (int unanswered = early.forget(); unanswered > 0; unanswered--) {
                refuser.refuse();
            }
        }
    }

    /** Bytes that wait to be read. */
    int size() {
        synchronized (lock) {
            return queue.size();
        }
    }

    /** A host's session begins. */
    void beginning() {
        synchronized (lock) {
            awaitsHost = true;
            hostHasTheWord = true;
        }
    }

    /**
     * All that waits goes to the relay, and so does all that comes.
     *
     * @param first done before the requests that waited
     * @throws IOException when host or client hear no request, because they are gone; the rest was
     *     done all the same
     */
    void handOver(Relay begun, Runnable first) throws IOException {
        synchronized (lock) {
            byte[] waiting = queue.takeAll();
            if (waiting.length > 0) {
                begun.operatorData(waiting, 0, waiting.length);
            }
            awaitsHost = false;
            first.run();
            try {
                for (Boolean one = answers.poll(); one != null; one = answers.poll()) {
                    begun.operatorReply(one);
                }
                early.passTo(begun);
            } finally {
                if (queue.isEnded()) {
                    begun.operatorEof();
                }
                if (closed) {
                    begun.operatorClosing();
                }
                relay = begun;
                hostHasTheWord = false;
            }
        }
    }

    /** The relay is over, and how is still to be told. */
    void takeBack() {
        synchronized (lock) {
            relay = null;
            hostHasTheWord = true;
        }
    }

    /**
     * All is told.
     *
     * @return whether the client closed before, and waits for the answer
     */
    boolean told() {
        synchronized (lock) {
            hostHasTheWord = false;
            return closed;
        }
    }
}
