package dev.bastion.server.transport.loop;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one socket has been given to write and has not taken, in order. The windows of SSH bound how
 * much that is; a peer that takes none of its answers is not read any more.
 *
 * <p>Thread-safe. Futures are completed with no lock held.
 */
final class WriteQueue {

    private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);

    /**
     * Far more than data of channels may be. When the peer takes none of its answers it is not read
     * any more, until it does.
     */
    private static final long MOST_UNSENT_BYTES = 8 << 20;

    /** Buffers written by one call. */
    private static final int GATHERED = 64;

    /** What a flush has done. */
    enum Flushed {
        WRITTEN,
        /** Little is unsent again. */
        DRAINED
    }

    private final LoopSession session;
    private final SocketChannel socket;

    @GuardedBy("this")
    private final ArrayDeque<PendingWrite> pending = new ArrayDeque<>();

    @GuardedBy("this")
    private long unsent;

    /** A loop flushes this when it has handled the read that it is at. */
    @GuardedBy("this")
    private boolean collected;

    /** The socket takes no more; the loop flushes this when it does. */
    @GuardedBy("this")
    private boolean full;

    /** Too much is unsent. */
    @GuardedBy("this")
    private boolean choked;

    WriteQueue(LoopSession session, SocketChannel socket) {
        this.session = session;
        this.socket = socket;
    }

    /** Adds a write; whether the caller is to flush now. One to a session that closes fails. */
    boolean add(PendingWrite write) {
        synchronized (this) {
            if (!session.isClosing()) {
                pending.add(write);
                unsent += write.length();
                if (unsent > MOST_UNSENT_BYTES && !choked) {
                    choked = true;
                    session.interests();
                }
                if (full || collected) {
                    return false;
                }
                collected = EventLoop.flushesLater(session);
                return !collected;
            }
        }
        write.failed(new ClosedChannelException());
        return false;
    }

    /** Writes what the socket takes. */
    Flushed flush() throws IOException {
        List<PendingWrite> sent = new ArrayList<>();
        boolean drained;
        try {
            synchronized (this) {
                collected = false;
                long before = unsent;
                boolean was = full;
                full = !send(sent);
                drained =
                        before >= AbstractCarrier.DRAINED_BYTES
                                && unsent < AbstractCarrier.DRAINED_BYTES;
                boolean read = choked && unsent < AbstractCarrier.DRAINED_BYTES;
                choked &= !read;
                if (was != full || read) {
                    session.interests();
                }
            }
        } finally {
            sent.forEach(PendingWrite::succeeded);
        }
        return drained ? Flushed.DRAINED : Flushed.WRITTEN;
    }

    /** Whether all was taken. */
    @GuardedBy("this")
    private boolean send(List<PendingWrite> sent) throws IOException {
        while (!pending.isEmpty()) {
            ByteBuffer[] buffers = next();
            int count = buffers.length;
            if (count == 0) {
                socket.shutdownOutput();
                sent.add(pending.remove());
                continue;
            }
            unsent -= count == 1 ? socket.write(buffers[0]) : socket.write(buffers);
            int done = 0;
            while (done < count && !buffers[done].hasRemaining()) {
                sent.add(pending.remove());
                done++;
            }
            if (done < count) {
                return false;
            }
        }
        return true;
    }

    /** What one call writes: the buffers before the end of the output. */
    @GuardedBy("this")
    private ByteBuffer[] next() {
        ByteBuffer[] buffers = new ByteBuffer[Math.min(pending.size(), GATHERED)];
        int count = 0;
        for (PendingWrite write : pending) {
            if (count == buffers.length || write.bytes == null) {
                break;
            }
            buffers[count++] = write.bytes;
        }
        return count == buffers.length ? buffers : Arrays.copyOf(buffers, count);
    }

    /** Writes what the socket takes at once; what it does not take fails. */
    void end() {
        List<PendingWrite> sent = new ArrayList<>();
        List<PendingWrite> lost;
        synchronized (this) {
            try {
                // A farewell that is on its way still goes, if it goes at once.
                var _ = send(sent);
            } catch (IOException e) {
                LOG.trace("{} took nothing more", session, e);
            }
            lost = List.copyOf(pending);
            pending.clear();
            unsent = 0;
        }
        sent.forEach(PendingWrite::succeeded);
        ClosedChannelException closed = new ClosedChannelException();
        lost.forEach(write -> write.failed(closed));
    }

    /** What waits, as of now. */
    synchronized List<PendingWrite> pending() {
        return List.copyOf(pending);
    }

    synchronized long unsent() {
        return unsent;
    }

    /** Whether the socket took less than it was given. */
    synchronized boolean isFull() {
        return full;
    }

    /** Whether so much is unsent that the peer is not read any more. */
    synchronized boolean isChoked() {
        return choked;
    }
}
