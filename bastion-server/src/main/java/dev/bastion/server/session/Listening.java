package dev.bastion.server.session;

import dev.bastion.server.inventory.Target;
import dev.bastion.server.relay.RelayEnd;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A port or a socket of a host, whose connections come to the operator's client. It is idle while
 * there is no such connection. Thread-safe, but for {@link #turn}.
 */
final class Listening implements UnderWay {

    private final HostConnections.Use use;
    private final Target target;
    private final ForwardedConnection record;
    private final ListenRequest at;
    private final SessionClock clock;
    private final BiConsumer<Listening, RelayEnd> limitReached;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean used = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param use of the host's connection, closed with this
     * @param record which has begun
     * @param limitReached told on a thread of its own when it has to end
     */
    Listening(
            HostConnections.Use use,
            Target target,
            ForwardedConnection record,
            ListenRequest at,
            SessionClock clock,
            BiConsumer<Listening, RelayEnd> limitReached) {
        this.use = use;
        this.target = target;
        this.record = record;
        this.at = at;
        this.clock = clock;
        this.limitReached = limitReached;
    }

    HostConnections.Use use() {
        return use;
    }

    Target target() {
        return target;
    }

    ListenRequest at() {
        return at;
    }

    /** A connection comes, until {@link #leaves}. */
    void comes() {
        connections.incrementAndGet();
    }

    void leaves() {
        used.set(true);
        connections.decrementAndGet();
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** Records the end, and frees the host's connection. Idempotent. */
    void end(String reason) {
        if (ended.compareAndSet(false, true)) {
            record.end(reason);
            use.close();
        }
    }

    /** The connections that come are held, each by itself. */
    @Override
    public void hold(Holds now) {}

    @Override
    public AboutSession about() {
        return record.about();
    }

    @Override
    public void cut(RelayEnd end) {
        limitReached.accept(this, end);
    }

    @Override
    public void turn(long nowNanos) {
        boolean active = used.getAndSet(false) || connections.get() > 0;
        switch (clock.turn(nowNanos, active)) {
            case SessionClock.Nothing nothing -> {}
            case SessionClock.Warning warning -> {
                // Nobody reads it: there is no terminal.
            }
            case SessionClock.End(RelayEnd end) ->
                    Thread.ofVirtual().name("limit").start(() -> cut(end));
        }
    }
}
