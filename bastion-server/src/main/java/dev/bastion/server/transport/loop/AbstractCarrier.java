package dev.bastion.server.transport.loop;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;

/**
 * What carriers have in common: what is remembered of a connection, and who is told when it takes
 * data again. Thread-safe.
 */
public abstract class AbstractCarrier extends AbstractCloseable implements Carrier {

    /** When less than this is unsent, those who wait for it are told. */
    protected static final long DRAINED_BYTES = 256 * 1024;

    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final IoHandler handler;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    private final List<Runnable> drainListeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger exchanges = new AtomicInteger();
    private volatile boolean exchangesKeys;
    private volatile long heardNanos = System.nanoTime();

    /**
     * @param handler of the connection
     */
    protected AbstractCarrier(IoHandler handler) {
        this.handler = handler;
    }

    /** Tells the connection that it has begun. */
    protected final void begun() throws Exception {
        handler.sessionCreated(this);
    }

    /** Something came. */
    protected final void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** Gives what came to the connection. */
    protected final void received(Readable bytes) throws Exception {
        handler.messageReceived(this, bytes);
    }

    /** Tells the connection what has gone wrong, unless it is over. */
    protected final void tellFailure(Throwable failure) {
        if (!isClosed()) {
            try {
                handler.exceptionCaught(this, failure);
            } catch (Exception e) {
                log.debug("{} could not be told of a failure", this, e);
            }
        }
    }

    /** Tells the connection that it is over, and forgets all. */
    protected final void ended() {
        try {
            handler.sessionClosed(this);
        } catch (Exception e) {
            log.debug("{} could not tell of its end", this, e);
        }
        attributes.clear();
        drainListeners.clear();
    }

    /** From a fresh stack: the caller may hold the locks of one of those who wait. */
    protected final void tellDrained() {
        betweenReads(() -> drainListeners.forEach(this::tell));
    }

    /** One that fails keeps the others waiting no longer. */
    private void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            log.error("{} could not go on writing", this, e);
        }
    }

    @Override
    public final long heardNanos() {
        return heardNanos;
    }

    @Override
    public final void exchangesKeys(boolean now) {
        if (now) {
            exchanges.incrementAndGet();
        }
        exchangesKeys = now;
        if (!now) {
            tellDrained();
        }
    }

    @Override
    public final int exchanges() {
        return exchanges.get();
    }

    @Override
    public final boolean exchangesKeys() {
        return exchangesKeys;
    }

    @Override
    public final void addDrainListener(Runnable listener) {
        drainListeners.add(listener);
    }

    @Override
    public final void removeDrainListener(Runnable listener) {
        drainListeners.remove(listener);
    }

    @Override
    public final long getId() {
        return id;
    }

    @Override
    public final @Nullable Object getAttribute(Object name) {
        return attributes.get(name);
    }

    @Override
    public final @Nullable Object setAttribute(Object name, Object value) {
        return attributes.put(name, value);
    }

    @Override
    public final @Nullable Object setAttributeIfAbsent(Object name, Object value) {
        return attributes.putIfAbsent(name, value);
    }

    @Override
    public final @Nullable Object removeAttribute(Object name) {
        return attributes.remove(name);
    }
}
