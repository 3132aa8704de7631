package dev.bastion.server.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelEvents;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.transport.loop.AbstractCarrier;
import dev.bastion.server.transport.loop.Carrier;
import dev.bastion.server.transport.loop.LoopSession;
import dev.bastion.server.transport.loop.PendingWrite;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An SSH connection inside a channel of another: the channel is its socket. What comes is handled
 * on the outer connection's reader thread. What is written goes on as the channel's window allows;
 * the rest waits here, in order, and {@link #unsent} tells how much that is.
 *
 * <p>Thread-safe. Futures are completed with no lock held. Locks are taken from the inner
 * connection to the outer, never back.
 */
public final class ChannelCarrier extends AbstractCarrier implements ChannelEvents {

    /** The peer is told of so much at once that it may send again; far less than the window. */
    private static final long GRANTED_BYTES = 64 * 1024;

    /** Far more than data of channels may be. */
    private static final long MOST_UNSENT_BYTES = 8 << 20;

    private final Carrier outer;
    private final ChannelEnd channel;
    private final Object writeLock = new Object();

    @GuardedBy("writeLock")
    private final ArrayDeque<PendingWrite> pending = new ArrayDeque<>();

    @GuardedBy("writeLock")
    private long unsent;

    /** The reader thread's own, as is {@link #taken}. */
    private boolean open;

    /** Bytes that the peer was not told of yet. */
    private long taken;

    /**
     * @param outer what the channel's connection runs on
     * @param channel to which this is bound before it opens
     * @param handler of the inner connection
     */
    public ChannelCarrier(Carrier outer, ChannelEnd channel, IoHandler handler) {
        super(handler);
        this.outer = outer;
        this.channel = channel;
    }

    // What the channel's peer does.

    /** The first call says that the channel is open. */
    @Override
    public void room() {
        if (!open) {
            open = true;
            try {
                begun();
            } catch (Exception e) {
                failed(e);
            }
        }
        flush();
    }

    @Override
    public void data(int stream, byte[] bytes, int offset, int length) {
        try {
            if (stream == ChannelEnd.DATA && !isClosed()) {
                heard(System.nanoTime());
                received(new ByteArrayBuffer(bytes, offset, length));
            }
            taken += length;
            grant();
        } catch (Throwable e) {
            // It ends the inner connection and not the outer.
            failed(e);
        }
    }

    /** A peer that takes none of its answers may send no more. The reader thread only. */
    private void grant() throws IOException {
        if (taken >= GRANTED_BYTES && unsent() <= MOST_UNSENT_BYTES) {
            channel.grant(taken);
            taken = 0;
        }
    }

    private void grantAgain() {
        try {
            grant();
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public void eof() {
        endLater();
    }

    @Override
    public void closed() {
        endLater();
    }

    @Override
    public void lost(RelayEnd why) {
        endLater();
    }

    /** From a thread that holds none of the outer connection's locks. */
    private void endLater() {
        Thread.ofVirtual().name("end-inner-" + getId()).start(() -> close(true));
    }

    private void failed(Throwable failure) {
        tellFailure(failure);
        endLater();
    }

    // What the inner connection does.

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) {
        return write(
                new PendingWrite(
                        this, ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available())));
    }

    @Override
    public void shutdownOutputStream() {
        var _ = write(new PendingWrite(this, null));
    }

    private IoWriteFuture write(PendingWrite write) {
        boolean taken;
        synchronized (writeLock) {
            taken = !isClosing();
            if (taken) {
                pending.add(write);
                unsent += write.length();
            }
        }
        if (taken) {
            flush();
        } else {
            write.failed(new ClosedChannelException());
        }
        return write;
    }

    /** Writes what the channel takes. */
    private void flush() {
        List<PendingWrite> sent = new ArrayList<>();
        boolean drained = false;
        IOException failure = null;
        synchronized (writeLock) {
            long before = unsent;
            try {
                send(sent);
                drained = before >= DRAINED_BYTES && unsent < DRAINED_BYTES;
            } catch (IOException e) {
                failure = e;
            }
        }
        sent.forEach(PendingWrite::succeeded);
        if (failure != null) {
            // The writer may hold locks that the end of the connection needs.
            IOException lost = failure;
            Thread.ofVirtual().name("write-failed").start(() -> failed(lost));
        } else if (drained) {
            tellDrained();
            betweenReads(this::grantAgain);
        }
    }

    @Override
    public void betweenReads(Runnable task) {
        outer.betweenReads(task);
    }

    @GuardedBy("writeLock")
    private void send(List<PendingWrite> sent) throws IOException {
        for (PendingWrite next = pending.peek(); next != null; next = pending.peek()) {
            ByteBuffer bytes = next.bytes;
            if (bytes == null) {
                channel.sendEof();
            } else {
                int piece = (int) Math.min(bytes.remaining(), channel.room());
                if (piece == 0 && bytes.hasRemaining()) {
                    return;
                }
                channel.send(
                        ChannelEnd.DATA,
                        bytes.array(),
                        bytes.arrayOffset() + bytes.position(),
                        piece);
                bytes.position(bytes.position() + piece);
                unsent -= piece;
                if (bytes.hasRemaining()) {
                    return;
                }
            }
            sent.add(pending.remove());
        }
    }

    @Override
    public long unsent() {
        synchronized (writeLock) {
            return unsent;
        }
    }

    @Override
    public LoopSession socket() {
        return outer.socket();
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        List<PendingWrite> rest;
        synchronized (writeLock) {
            rest = List.copyOf(pending);
        }
        return builder().when(this, rest).build().close(false);
    }

    @Override
    protected void doCloseImmediately() {
        List<PendingWrite> lost;
        synchronized (writeLock) {
            lost = List.copyOf(pending);
            pending.clear();
            unsent = 0;
        }
        ClosedChannelException closed = new ClosedChannelException();
        lost.forEach(write -> write.failed(closed));
        channel.closeChannel();
        super.doCloseImmediately();
        ended();
    }

    /** The windows of the inner connection's channels are what holds a client back. */
    @Override
    public void suspendRead() {
        throw new UnsupportedOperationException("an inner connection is always read");
    }

    @Override
    public void resumeRead() {
        throw new UnsupportedOperationException("an inner connection is always read");
    }

    @Override
    public @Nullable SocketAddress getAcceptanceAddress() {
        return outer.getAcceptanceAddress();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return outer.getRemoteAddress();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return outer.getLocalAddress();
    }

    @Override
    public IoService getService() {
        return outer.getService();
    }

    @Override
    public String toString() {
        return "connection " + getId() + " inside " + outer;
    }
}
