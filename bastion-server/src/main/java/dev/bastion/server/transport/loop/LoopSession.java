package dev.bastion.server.transport.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
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
 * is written by the caller. What it does not take waits in a {@link WriteQueue}.
 *
 * <p>Thread-safe.
 */
public final class LoopSession extends AbstractCarrier implements EventLoop.Ready {

    private static final Logger LOG = LoggerFactory.getLogger(LoopSession.class);

    /**
     * What MINA is given at once: it moves what is left over after each packet to the front, so of
     * a full packet an eighth is copied, and of many small ones each a few times.
     */
    private static final int SLICE_BYTES = 8 * 1024;

    private final LoopService service;
    private final SocketChannel socket;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;
    private final @Nullable SocketAddress acceptanceAddress;
    private final WriteQueue writes;

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
        this.writes = new WriteQueue(this, socket);
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
        synchronized (writes) {
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
    void interests() {
        synchronized (writes) {
            SelectionKey registered = key;
            if (registered == null || !registered.isValid()) {
                return;
            }
            try {
                registered.interestOps(
                        (suspended || writes.isChoked() ? 0 : SelectionKey.OP_READ)
                                | (writes.isFull() ? SelectionKey.OP_WRITE : 0));
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
        if (writes.add(write)) {
            flush();
        }
        return write;
    }

    /** Writes what the socket takes. */
    void flush() {
        try {
            if (writes.flush() == WriteQueue.Flushed.DRAINED) {
                tellDrained();
            }
        } catch (IOException e) {
            // The writer may hold locks that the end of the connection needs.
            Thread.ofVirtual().name("write-failed").start(() -> failed(e));
        }
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
        return writes.unsent();
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
        return builder()
                .when(this, writes.pending())
                .run(this, this::endOutput)
                .build()
                .close(false);
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
        writes.end();
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
