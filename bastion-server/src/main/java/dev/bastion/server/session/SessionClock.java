package dev.bastion.server.session;

import dev.bastion.server.config.SessionLimits;
import dev.bastion.server.relay.RelayEnd;
import java.time.Duration;

/** When one session has lasted, or been idle, for too long. Confined to whoever turns it. */
final class SessionClock {

    /** What is to be done now. */
    sealed interface Due {}

    record Nothing() implements Due {}

    /** The operator is to be told that the session will end; said once before each end. */
    record Warning(String sentence) implements Due {}

    record End(RelayEnd end) implements Due {}

    private final SessionLimits limits;
    private final long startNanos;
    private long activeNanos;
    private boolean warnedOfIdle;
    private boolean warnedOfTotal;

    /**
     * @param nowNanos of {@link System#nanoTime}, as all times here
     */
    SessionClock(SessionLimits limits, long nowNanos) {
        this.limits = limits;
        this.startNanos = nowNanos;
        this.activeNanos = nowNanos;
    }

    /**
     * Looks at it.
     *
     * @param active whether something has happened in the session since it was last looked at
     */
    Due turn(long nowNanos, boolean active) {
        if (active) {
            activeNanos = nowNanos;
            warnedOfIdle = false;
        }
        Duration lasted = Duration.ofNanos(nowNanos - startNanos);
        Duration idle = Duration.ofNanos(nowNanos - activeNanos);
        if (limits.hasTotal() && isReached(limits.total(), lasted)) {
            return new End(
                    new RelayEnd(
                            "time-limit",
                            "the session has lasted "
                                    + Spans.text(limits.total())
                                    + ", which is its limit"));
        }
        if (limits.hasIdle() && isReached(limits.idle(), idle)) {
            return new End(
                    new RelayEnd("idle", "the session was idle for " + Spans.text(limits.idle())));
        }
        if (limits.hasTotal() && !warnedOfTotal && isNear(limits.total(), lasted)) {
            warnedOfTotal = true;
            return new Warning(
                    "this session ends in "
                            + Spans.text(SessionLimits.warning(limits.total()))
                            + ": it may last "
                            + Spans.text(limits.total()));
        }
        if (limits.hasIdle() && !warnedOfIdle && isNear(limits.idle(), idle)) {
            warnedOfIdle = true;
            Duration left = SessionLimits.warning(limits.idle());
            return new Warning(
                    "this session has been idle for "
                            + Spans.text(limits.idle().minus(left))
                            + " and ends in "
                            + Spans.text(left)
                            + " if it stays so");
        }
        return new Nothing();
    }

    private static boolean isReached(Duration limit, Duration passed) {
        return passed.compareTo(limit) >= 0;
    }

    private static boolean isNear(Duration limit, Duration passed) {
        return isReached(limit.minus(SessionLimits.warning(limit)), passed);
    }
}
