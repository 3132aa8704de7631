package dev.bastion.server.transport.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that serves many sockets. What runs on it must not block: all its sockets would wait.
 *
 * <p>What is written by the handling of one read leaves when that read is handled, in as few system
 * calls as there are sockets written to.
 */
final class EventLoop implements Executor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    /** What is read of one socket before the others have their turn. */
    private static final int READ_BYTES = 256 * 1024;

    /** A socket that is ready; attached to its key. */
    interface Ready {
        void ready(SelectionKey key) throws IOException;

        /** The loop ends. */
        void loopClosed();
    }

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final List<LoopSession> written = new ArrayList<>();
    private final SpareArrays spareArrays = new SpareArrays();
    private boolean collecting;
    private volatile boolean closed;

    EventLoop(String name) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for " + name, e);
        }
        thread = new LoopThread(name);
        thread.start();
    }

    /** So that a thread knows its loop. */
    private final class LoopThread extends Thread {

        LoopThread(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            EventLoop.this.run();
        }

        EventLoop loop() {
            return EventLoop.this;
        }
    }

    private boolean isCurrentThread() {
        return thread.equals(Thread.currentThread());
    }

    /**
     * Runs a task on the loop's thread, after what it is doing. Dropped when the loop is closed.
     */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!isCurrentThread()) {
            selector.wakeup();
        }
    }

    /** The loop's thread only. */
    Selector selector() {
        return selector;
    }

    /** Forgets a key, at once, so that its socket may come back; the loop's thread only. */
    void deregister(SelectionKey key) throws IOException {
        key.cancel();
        selector.selectNow();
    }

    /** Makes the selector take notice of interests changed by another thread. */
    void wakeup() {
        if (!isCurrentThread()) {
            selector.wakeup();
        }
    }

    /** Cleared, for one read; the loop's thread only. */
    ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    /** For packets to any of its sockets; any thread. */
    SpareArrays spareArrays() {
        return spareArrays;
    }

    /**
     * Whether the caller is a loop that handles a read. If so it flushes the session after that.
     */
    static boolean flushesLater(LoopSession session) {
        if (Thread.currentThread() instanceof LoopThread current && current.loop().collecting) {
            current.loop().written.add(session);
            return true;
        }
        return false;
    }

    private void run() {
        while (!closed) {
            try {
                if (tasks.isEmpty()) {
                    selector.select();
                } else {
                    selector.selectNow();
                }
                runTasks();
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(key);
                }
                selector.selectedKeys().clear();
            } catch (IOException | RuntimeException e) {
                LOG.error("an event loop goes on after a failure", e);
            }
        }
        for (SelectionKey key : selector.keys()) {
            ((Ready) key.attachment()).loopClosed();
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("a selector did not close", e);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("a task of an event loop failed", e);
            }
        }
    }

    private void flush(LoopSession session) {
        try {
            session.flush();
        } catch (RuntimeException e) {
            LOG.error("what was written to {} did not leave", session, e);
        }
    }

    private void serve(SelectionKey key) {
        collecting = true;
        try {
            ((Ready) key.attachment()).ready(key);
        } catch (CancelledKeyException e) {
            LOG.trace("a socket was closed while it was served", e);
        } catch (IOException | RuntimeException e) {
            LOG.warn("a socket could not be served", e);
            key.cancel();
        } finally {
            collecting = false;
            written.forEach(this::flush);
            written.clear();
        }
    }

    /** Ends the loop; its sockets are closed. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
