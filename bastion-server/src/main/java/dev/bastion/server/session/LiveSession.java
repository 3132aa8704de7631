package dev.bastion.server.session;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session that is relayed now: what can be done to it from outside. Thread-safe, but for {@link
 * #turn}.
 */
final class LiveSession {

    /**
     * How long it may last.
     *
     * @param keysOnly whether only what the operator sends keeps it from being idle, not what the
     *     host sends
     * @param warned where the operator is told before it ends; absent when they cannot be told
     */
    record Limit(SessionClock clock, boolean keysOnly, @Nullable Messages warned) {}

    private final Relay relay;
    private final Consumer<String> teller;
    private final Limit limit;
    private boolean announced;

    /**
     * @param teller says a sentence to the operator; may block while their client takes nothing
     */
    LiveSession(Relay relay, Consumer<String> teller, Limit limit) {
        this.relay = relay;
        this.teller = teller;
        this.limit = limit;
    }

    /**
     * Nothing more goes to the host, and the operator is told why. Blocks while the client takes
     * nothing.
     */
    void hold() {
        relay.hold(true);
        teller.accept(
                "the audit log cannot be written; what you type is held until it can be again");
    }

    void release() {
        relay.hold(false);
        teller.accept("the audit log is written again; the session goes on");
    }

    /** Ends it; the operator is told when its service returns. */
    void cut(RelayEnd end) {
        relay.cut(end);
    }

    /**
     * Looks at its limits: tells the operator, and ends it. Does not block. Confined to one thread.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    void turn(long nowNanos) {
        Relay.Heard heard = relay.heard();
        if (announced) {
            announced = false;
            apart(relay::announceNow);
        }
        boolean active = heard.operator() || (heard.host() && !limit.keysOnly);
        switch (limit.clock.turn(nowNanos, active)) {
            case SessionClock.Nothing nothing -> {}
            case SessionClock.Warning(String sentence) -> warn(sentence, heard.host());
            case SessionClock.End(RelayEnd end) -> apart(() -> cut(end));
        }
    }

    /** Between two pieces of a busy host's output, but at the next turn at the latest. */
    private void warn(String sentence, boolean hostIsBusy) {
        Messages messages = limit.warned;
        if (messages == null) {
            return;
        }
        relay.announce(
                messages.onScreen() ? ChannelEnd.DATA : ChannelEnd.STDERR,
                messages.line(sentence).getBytes(StandardCharsets.UTF_8));
        announced = hostIsBusy;
        if (!hostIsBusy) {
            apart(relay::announceNow);
        }
    }

    /** What writes may wait for a key exchange. */
    private static void apart(Runnable task) {
        Thread.ofVirtual().name("limit").start(task);
    }
}
