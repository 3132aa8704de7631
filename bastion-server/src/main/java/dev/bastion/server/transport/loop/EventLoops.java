package dev.bastion.server.transport.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The threads of all connections, of operators and of hosts.
 *
 * <p>A connection begins on a loop for handshakes, where keys are exchanged and users are
 * authenticated, which takes milliseconds of computing; when it is used it moves to a loop for
 * traffic ({@link #settle}), where a key press waits for nothing of that kind. The two connections
 * of a session settle on the same loop ({@link LoopSession#moveBeside}): what one brings is written
 * to the other by the thread that read it. While that is much, both are on a loop for bulk data
 * ({@link Company}).
 *
 * <p>Thread-safe. The services made of it do not close it; its owner does, after them.
 */
public final class EventLoops implements IoServiceFactoryFactory, AutoCloseable {

    private final List<EventLoop> handshakes;
    private final List<EventLoop> traffic;
    private final List<EventLoop> bulk;
    private final AtomicInteger nextHandshake = new AtomicInteger();
    private final AtomicInteger nextTraffic = new AtomicInteger();
    private final AtomicInteger nextBulk = new AtomicInteger();

    /**
     * @param threads of each kind, at least 1
     */
    public EventLoops(int threads) {
        handshakes = loops("handshake", threads);
        traffic = loops("traffic", threads);
        bulk = loops("bulk", threads);
    }

    /** As many threads as the machine runs at once. */
    public EventLoops() {
        this(Runtime.getRuntime().availableProcessors());
    }

    private static List<EventLoop> loops(String name, int threads) {
        List<EventLoop> loops = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            loops.add(new EventLoop(name + "-" + i));
        }
        return List.copyOf(loops);
    }

    private static EventLoop next(List<EventLoop> loops, AtomicInteger counter) {
        return loops.get(Math.floorMod(counter.getAndIncrement(), loops.size()));
    }

    EventLoop handshake() {
        return next(handshakes, nextHandshake);
    }

    EventLoop traffic() {
        return next(traffic, nextTraffic);
    }

    /** A new one, for a connection that has settled. */
    Company company() {
        return new Company(traffic(), next(bulk, nextBulk));
    }

    /** Moves an authenticated connection to a loop for traffic. Returns before it has moved. */
    public void settle(Session session) {
        LoopSession socket = LoopSession.of(session);
        if (socket != null) {
            socket.join(company());
        }
    }

    @Override
    public IoServiceFactory create(FactoryManager manager) {
        return new LoopServiceFactory(manager, this);
    }

    @Override
    public void setExecutorServiceFactory(@Nullable Factory<CloseableExecutorService> ignored) {
        // The loops are threads of their own.
    }

    @Override
    public void close() {
        handshakes.forEach(EventLoop::close);
        traffic.forEach(EventLoop::close);
        bulk.forEach(EventLoop::close);
    }
}
