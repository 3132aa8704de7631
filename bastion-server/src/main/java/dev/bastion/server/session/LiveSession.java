package dev.bastion.server.session;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A session that is relayed now: what can be done to it from outside. Thread-safe, but for {@link
 * #turn}.
 */
final class LiveSession implements UnderWay {

    /**
     * How long it may last.
     *
     * @param keysOnly whether only what the operator sends keeps it from being idle, not what the
     *     host sends
     * @param warns whether the operator is told before it ends
     */
    record Limit(SessionClock clock, boolean keysOnly, boolean warns) {}

    private final Relay relay;
    private final @Nullable Messages told;
    private final Limit limit;
    private boolean announced;
    private String heldBy = "";
    private final @Nullable AboutSession about;

    /**
     * @param told what is said to the operator; absent where they cannot be told anything
     * @param about absent where it is several sessions, each with a live one of its own
     */
    LiveSession(Relay relay, @Nullable Messages told, Limit limit, @Nullable AboutSession about) {
        this.relay = relay;
        this.told = told;
        this.limit = limit;
        this.about = about;
    }

    @Override
    public @Nullable AboutSession about() {
        return about;
    }

    @Override
    public Duration idle() {
        return relay.idle(limit.keysOnly);
    }

    /**
     * From now on nothing goes to the host, or all that waited does; the operator is told why. Does
     * not block. Called under the registry's lock.
     */
    @Override
    public void hold(Holds holds) {
        String before = heldBy;
        String now =
                holds.ledger()
                        ? "the audit log"
                        : holds.recordings() && isRecorded() ? "the recording of this session" : "";
        if (before.equals(now)) {
            return;
        }
        heldBy = now;
        relay.hold(!now.isEmpty());
        say(
                relay::announceNow,
                now.isEmpty()
                        ? before + " is written again; the session goes on"
                        : now + " cannot be written; what you type is held until it can be again");
    }

    /** Ends it; the operator is told when its service returns. */
    @Override
    public void cut(RelayEnd end) {
        relay.cut(end);
    }

    /**
     * Looks at its limits: tells the operator, and ends it. Does not block. Confined to one thread.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    @Override
    public void turn(long nowNanos) {
        Relay.Heard heard = relay.heard();
        if (announced) {
            announced = false;
            apart(relay::announceNow);
        }
        boolean active = heard.operator() || (heard.host() && !limit.keysOnly);
        switch (limit.clock.turn(nowNanos, active)) {
            case SessionClock.Nothing nothing -> {}
            case SessionClock.Warning(String sentence) -> {
                if (limit.warns) {
                    warn(sentence, heard.host());
                }
            }
            case SessionClock.End(RelayEnd end) -> apart(() -> cut(end));
        }
    }

    /** Between two pieces of a busy host's output, but at the next turn at the latest. */
    private void warn(String sentence, boolean hostIsBusy) {
        say(relay::announce, sentence);
        announced = hostIsBusy;
        if (!hostIsBusy) {
            apart(relay::announceNow);
        }
    }

    private void say(BiConsumer<Integer, byte[]> way, String sentence) {
        if (told != null) {
            way.accept(
                    told.onScreen() ? ChannelEnd.DATA : ChannelEnd.STDERR,
                    told.line(sentence).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** From a thread that has no other session to look at. */
    private static void apart(Runnable task) {
        Thread.ofVirtual().name("limit").start(task);
    }
}
