package dev.bastion.server.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelEvents;
import dev.bastion.server.relay.RelayEnd;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SSH connection inside a channel of another: the channel is its socket. What comes is handled
 * on the outer connection's reader thread. What is written goes on as the channel's window allows;
 * the rest waits here, in order, and {@link #unsent} tells how much that is.
 *
 * <p>Thread-safe. Futures are completed with no lock held. Locks are taken from the inner
 * connection to the outer, never back.
 */
public final class ChannelCarrier extends AbstractCloseable implements Carrier, ChannelEvents {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelCarrier.class);

    private static final AtomicLong IDS = new AtomicLong();

    /** When less than this is unsent, those who wait for it are told. */
    private static final long DRAINED_BYTES = 256 * 1024;

    /** The peer is told of so much at once that it may send again; far less than the window. */
    private static final long GRANTED_BYTES = 64 * 1024;

    private final long id = IDS.incrementAndGet();
    private final Carrier outer;
    private final ChannelEnd channel;
    private final IoHandler handler;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    private final List<Runnable> drainListeners = new CopyOnWriteArrayList<>();
    private final Object writeLock = new Object();

    @GuardedBy("writeLock")
    private final ArrayDeque<PendingWrite> pending = new ArrayDeque<>();

    @GuardedBy("writeLock")
    private long unsent;

    private volatile long heardNanos = System.nanoTime();
    private volatile boolean exchangesKeys;

    /** The reader thread's own, as is {@link #taken}. */
    private boolean begun;

    /** Bytes that the peer was not told of yet. */
    private long taken;

    /**
     * @param outer what the channel's connection runs on
     * @param channel to which this is bound before it opens
     * @param handler of the inner connection
     */
    public ChannelCarrier(Carrier outer, ChannelEnd channel, IoHandler handler) {
        this.outer = outer;
        this.channel = channel;
        this.handler = handler;
    }

    // What the channel's peer does.

    /** The first call says that the channel is open. */
    @Override
    public void room() {
        if (!begun) {
            begun = true;
            try {
                handler.sessionCreated(this);
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
                heardNanos = System.nanoTime();
                handler.messageReceived(this, new ByteArrayBuffer(bytes, offset, length));
            }
            taken += length;
            if (taken >= GRANTED_BYTES) {
                channel.grant(taken);
                taken = 0;
            }
        } catch (Throwable e) {
            // It ends the inner connection and not the outer.
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
        Thread.ofVirtual().name("end-inner-" + id).start(() -> close(true));
    }

    private void failed(Throwable failure) {
        if (!isClosed()) {
            try {
                handler.exceptionCaught(this, failure);
            } catch (Exception e) {
                LOG.debug("{} could not be told of a failure", this, e);
            }
        }
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
            failed(failure);
        } else if (drained) {
            tellDrained();
        }
    }

    /** From a fresh stack: the caller may hold the locks of one of those who wait. */
    private void tellDrained() {
        betweenReads(() -> drainListeners.forEach(Runnable::run));
    }

    @Override
    public void betweenReads(Runnable task) {
        outer.betweenReads(task);
    }

    @Override
    public void exchangesKeys(boolean now) {
        exchangesKeys = now;
        if (!now) {
            tellDrained();
        }
    }

    @Override
    public boolean exchangesKeys() {
        return exchangesKeys;
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
    public void addDrainListener(Runnable listener) {
        drainListeners.add(listener);
    }

    @Override
    public void removeDrainListener(Runnable listener) {
        drainListeners.remove(listener);
    }

    @Override
    public LoopSession socket() {
        return outer.socket();
    }

    @Override
    public long heardNanos() {
        return heardNanos;
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
        try {
            handler.sessionClosed(this);
        } catch (Exception e) {
            LOG.debug("{} could not tell of its end", this, e);
        }
        attributes.clear();
        drainListeners.clear();
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
    public long getId() {
        return id;
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
    public @Nullable Object getAttribute(Object name) {
        return attributes.get(name);
    }

    @Override
    public @Nullable Object setAttribute(Object name, Object value) {
        return attributes.put(name, value);
    }

    @Override
    public @Nullable Object setAttributeIfAbsent(Object name, Object value) {
        return attributes.putIfAbsent(name, value);
    }

    @Override
    public @Nullable Object removeAttribute(Object name) {
        return attributes.remove(name);
    }

    @Override
    public IoService getService() {
        return outer.getService();
    }

    @Override
    public String toString() {
        return "connection " + id + " inside " + outer;
    }
}
