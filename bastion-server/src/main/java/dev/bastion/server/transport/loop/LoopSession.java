package dev.bastion.server.transport.loop;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket. It is read on its loop's thread; anyone may write, and what the socket takes at once
 * is written by the caller. What it does not take waits here, in order; the windows of SSH bound
 * how much that is, and {@link #unsent} tells.
 *
 * <p>Thread-safe. Futures are completed with no lock held.
 */
public final class LoopSession extends AbstractCarrier implements EventLoop.Ready {

    private static final Logger LOG = LoggerFactory.getLogger(LoopSession.class);

    /**
     * What MINA is given at once: it moves what is left over after each packet to the front, so of
     * a full packet an eighth is copied, and of many small ones each a few times.
     */
    private static final int SLICE_BYTES = 8 * 1024;

    /**
     * Far more than data of channels may be. When the peer takes none of its answers it is not read
     * any more, until it does.
     */
    private static final long MOST_UNSENT_BYTES = 8 << 20;

    /** Buffers written by one call. */
    private static final int GATHERED = 64;

    private final LoopService service;
    private final SocketChannel socket;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;
    private final @Nullable SocketAddress acceptanceAddress;
    private final Object writeLock = new Object();

    @GuardedBy("writeLock")
    private final ArrayDeque<PendingWrite> pending = new ArrayDeque<>();

    @GuardedBy("writeLock")
    private long unsent;

    /** A loop flushes this when it has handled the read that it is at. */
    @GuardedBy("writeLock")
    private boolean collected;

    /** The socket takes no more; the loop flushes this when it does. */
    @GuardedBy("writeLock")
    private boolean full;

    /** Too much is unsent. */
    @GuardedBy("writeLock")
    private boolean choked;

    private volatile EventLoop loop;
    private volatile EventLoop wanted;
    private volatile @Nullable Company company;
    private volatile @Nullable SelectionKey key;
    private volatile boolean suspended;

    LoopSession(
            LoopService service,
            EventLoop loop,
            SocketChannel socket,
            @Nullable SocketAddress acceptanceAddress)
            throws IOException {
        super(service.handler);
        this.service = service;
        this.loop = loop;
        this.wanted = loop;
        this.socket = socket;
        this.acceptanceAddress = acceptanceAddress;
        this.localAddress = socket.getLocalAddress();
        this.remoteAddress = socket.getRemoteAddress();
    }

    /** The socket of an SSH connection; none when it has none of this kind. */
    public static @Nullable LoopSession of(Session session) {
        return session.getIoSession() instanceof LoopSession socket ? socket : null;
    }

    /** Is served by the thread that serves another, from soon on, wherever that moves. */
    public void moveBeside(LoopSession other) {
        Company its = other.company;
        if (its == null) {
            moveTo(other.loop);
        } else {
            join(its);
        }
    }

    /**
     * Much will be computed for the connection, as for a key exchange inside it: it is served where
     * others do not wait for that, for a while.
     */
    public void expectsWork() {
        Company moving = company;
        if (moving != null) {
            moving.expectsWork(System.nanoTime());
        }
    }

    /** Is served where these are, from soon on. */
    void join(Company others) {
        leaveCompany();
        company = others;
        others.add(this);
    }

    private void leaveCompany() {
        Company left = company;
        if (left != null) {
            left.remove(this);
        }
    }

    /** Starts to serve the socket, on its loop's thread; false when the service has ended. */
    boolean begin() throws Exception {
        if (!service.admit(this)) {
            return false;
        }
        key = socket.register(loop.selector(), 0, this);
        begun();
        interests();
        return true;
    }

    /** Serves the socket on another loop from now on. */
    void moveTo(EventLoop target) {
        wanted = target;
        go();
    }

    /** Asked for even if it is there, for it may be about to leave. */
    private void go() {
        EventLoop from = loop;
        from.execute(() -> leave(from));
    }

    private void leave(EventLoop from) {
        EventLoop target = wanted;
        if (loop != from || from == target) {
            // Where it went to it looks again.
            return;
        }
        SelectionKey old;
        synchronized (writeLock) {
            old = key;
            key = null;
        }
        if (old == null || !old.isValid()) {
            return;
        }
        try {
            from.deregister(old);
        } catch (IOException e) {
            failed(e);
            return;
        }
        loop = target;
        target.execute(this::arrive);
    }

    private void arrive() {
        try {
            key = socket.register(loop.selector(), 0, this);
            interests();
            if (isClosed()) {
                // It may have been closed before it was here, and the selector holds it open.
                loop.selector().wakeup();
            }
            if (wanted != loop) {
                go();
            }
        } catch (ClosedChannelException e) {
            LOG.trace("{} was closed while it moved", this, e);
        }
    }

    /** Tells the selector what is waited for. */
    private void interests() {
        synchronized (writeLock) {
            SelectionKey registered = key;
            if (registered == null || !registered.isValid()) {
                return;
            }
            try {
                registered.interestOps(
                        (suspended || choked ? 0 : SelectionKey.OP_READ)
                                | (full ? SelectionKey.OP_WRITE : 0));
            } catch (CancelledKeyException e) {
                LOG.trace("{} was closed meanwhile", this, e);
            }
        }
        loop.wakeup();
    }

    @Override
    public void ready(SelectionKey ready) {
        if (!ready.equals(key) || !ready.isValid()) {
            return;
        }
        int operations = ready.readyOps();
        if ((operations & SelectionKey.OP_WRITE) != 0) {
            flush();
        }
        if ((operations & SelectionKey.OP_READ) != 0) {
            read();
        }
    }

    private void read() {
        try {
            ByteBuffer buffer = loop.readBuffer();
            int count = socket.read(buffer);
            if (count < 0) {
                close(true);
                return;
            }
            long now = System.nanoTime();
            heard(now);
            Company moving = company;
            if (moving != null) {
                moving.read(count, now);
            }
            buffer.flip();
            int end = buffer.limit();
            while (buffer.position() < end && !isClosed()) {
                buffer.limit(Math.min(end, buffer.position() + SLICE_BYTES));
                received(Readable.readable(buffer));
            }
        } catch (Throwable e) {
            // Whatever it is, it ends this connection and not the loop of all the others.
            failed(e);
        }
    }

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
        synchronized (writeLock) {
            if (!isClosing()) {
                pending.add(write);
                unsent += write.length();
                if (unsent > MOST_UNSENT_BYTES && !choked) {
                    choked = true;
                    interests();
                }
                if (full || collected) {
                    return write;
                }
                if (EventLoop.flushesLater(this)) {
                    collected = true;
                    return write;
                }
            } else {
                write.failed(new ClosedChannelException());
                return write;
            }
        }
        flush();
        return write;
    }

    /** Writes what the socket takes. */
    void flush() {
        List<PendingWrite> sent = new ArrayList<>();
        boolean drained;
        try {
            synchronized (writeLock) {
                collected = false;
                long before = unsent;
                boolean was = full;
                full = !send(sent);
                drained = before >= DRAINED_BYTES && unsent < DRAINED_BYTES;
                boolean read = choked && unsent < DRAINED_BYTES;
                choked &= !read;
                if (was != full || read) {
                    interests();
                }
            }
        } catch (IOException e) {
            sent.forEach(PendingWrite::succeeded);
            // The writer may hold locks that the end of the connection needs.
            Thread.ofVirtual().name("write-failed").start(() -> failed(e));
            return;
        }
        sent.forEach(PendingWrite::succeeded);
        if (drained) {
            tellDrained();
        }
    }

    /** Whether all was taken. */
    @GuardedBy("writeLock")
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
    @GuardedBy("writeLock")
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

    /** Of the loop that serves the socket now. */
    public SpareArrays spareArrays() {
        return loop.spareArrays();
    }

    @Override
    public LoopSession socket() {
        return this;
    }

    @Override
    public long unsent() {
        synchronized (writeLock) {
            return unsent;
        }
    }

    @Override
    public void betweenReads(Runnable task) {
        EventLoop reader = loop;
        reader.execute(() -> {
            if (loop == reader) {
                task.run();
            } else {
                betweenReads(task);
            }
        });
    }

    private void failed(Throwable failure) {
        tellFailure(failure);
        close(true);
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        List<PendingWrite> rest;
        synchronized (writeLock) {
            rest = List.copyOf(pending);
        }
        return builder().when(this, rest).run(this, this::endOutput).build().close(false);
    }

    private void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            LOG.trace("{} was gone before its output ended", this, e);
        }
    }

    @Override
    protected void doCloseImmediately() {
        List<PendingWrite> sent = new ArrayList<>();
        List<PendingWrite> lost;
        synchronized (writeLock) {
            try {
                // A farewell that is on its way still goes, if it goes at once.
                var _ = send(sent);
            } catch (IOException e) {
                LOG.trace("{} took nothing more", this, e);
            }
            lost = List.copyOf(pending);
            pending.clear();
            unsent = 0;
        }
        sent.forEach(PendingWrite::succeeded);
        ClosedChannelException closed = new ClosedChannelException();
        lost.forEach(write -> write.failed(closed));
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("{} did not close", this, e);
        }
        loop.wakeup();
        leaveCompany();
        service.forget(this);
        super.doCloseImmediately();
        ended();
    }

    @Override
    public void loopClosed() {
        close(true);
    }

    @Override
    public void suspendRead() {
        suspended = true;
        interests();
    }

    @Override
    public void resumeRead() {
        suspended = false;
        interests();
    }

    @Override
    public @Nullable SocketAddress getAcceptanceAddress() {
        return acceptanceAddress;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return remoteAddress;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return localAddress;
    }

    @Override
    public IoService getService() {
        return service;
    }

    @Override
    public String toString() {
        return "connection " + getId() + " with " + remoteAddress;
    }
}
