package dev.bastion.audit.ledger;

import java.time.Duration;

/**
 * How long whoever follows the ledger waits after a failure: twice as long after each further one
 * in a row; and which failures the log tells. Immutable.
 *
 * @param first after the first
 * @param longest after any
 */
public record Backoff(Duration first, Duration longest) {

    /** Of whatever must be there again at most ten seconds after its cause is gone. */
    public static final Backoff TEN_SECONDS =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    /** More doublings than any {@link #longest} needs, and few enough for a long. */
    private static final int MOST_DOUBLINGS = 16;

    /**
     * How long to wait now.
     *
     * @param failures in a row, from 1
     */
    public Duration after(int failures) {
        Duration grown = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return grown.compareTo(longest) < 0 ? grown : longest;
    }

    /**
     * Whether this failure is told in the log: the first, the second, the fourth and so on, so that
     * the log of a long outage stays short.
     *
     * @param failures in a row, from 1
     */
    public static boolean isTold(int failures) {
        return Integer.bitCount(failures) == 1;
    }
}
