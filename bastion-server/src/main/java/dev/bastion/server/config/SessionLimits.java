package dev.bastion.server.config;

import java.time.Duration;

/**
 * How long sessions may last. Immutable.
 *
 * @param idle how long nothing may happen in one; zero for no limit
 * @param total from its start; zero for no limit
 */
public record SessionLimits(Duration idle, Duration total) {

    public static final SessionLimits NONE = new SessionLimits(Duration.ZERO, Duration.ZERO);

    private static final Duration LONGEST_WARNING = Duration.ofMinutes(1);

    public boolean hasIdle() {
        return !idle.isZero();
    }

    public boolean hasTotal() {
        return !total.isZero();
    }

    /**
     * How long before the end of a limit the operator is told: a minute, or half of a short one.
     */
    public static Duration warning(Duration limit) {
        Duration half = limit.dividedBy(2);
        return half.compareTo(LONGEST_WARNING) < 0 ? half : LONGEST_WARNING;
    }
}
