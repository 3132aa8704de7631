package dev.bastion.audit.ledger;

import java.time.Duration;

/**
 * How long whoever follows the ledger waits after a failure: twice as long after each further one
 * in a row. Immutable.
 *
 * @param first after the first
 * @param longest after any
 */
public record Backoff(Duration first, Duration longest) {

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
}
