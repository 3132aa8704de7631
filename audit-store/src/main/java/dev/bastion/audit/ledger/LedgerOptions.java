package dev.bastion.audit.ledger;

import java.time.Duration;

/**
 * Bounds of a ledger. Immutable.
 *
 * @param segmentBytes size of a segment file, filled with zeros when it is made; a batch that is
 *     larger gets a segment of its own size
 * @param queueEntries entries that may wait for their sync; more are refused
 * @param queueBytes encoded bytes that may wait for their sync; more are refused
 * @param retryInterval how long after a failed write the next one is tried
 * @param closeGrace how long {@link FileLedger#close()} goes on trying when nothing can be written
 */
public record LedgerOptions(
        int segmentBytes,
        int queueEntries,
        long queueBytes,
        Duration retryInterval,
        Duration closeGrace) {

    /** 16 MiB. */
    public static final int DEFAULT_SEGMENT_BYTES = 16 << 20;

    public static final int DEFAULT_QUEUE_ENTRIES = 65_536;

    /** 64 MiB. */
    public static final long DEFAULT_QUEUE_BYTES = 64L << 20;

    public static final Duration DEFAULT_RETRY_INTERVAL = Duration.ofSeconds(1);

    public static final Duration DEFAULT_CLOSE_GRACE = Duration.ofSeconds(5);

    public LedgerOptions {
        if (segmentBytes < 4096) {
            throw new IllegalArgumentException(
                    "segmentBytes must be at least 4096, was " + segmentBytes);
        }
        if (queueEntries < 1) {
            throw new IllegalArgumentException(
                    "queueEntries must be at least 1, was " + queueEntries);
        }
        if (queueBytes < 1) {
            throw new IllegalArgumentException("queueBytes must be at least 1, was " + queueBytes);
        }
        if (retryInterval.isNegative() || retryInterval.isZero()) {
            throw new IllegalArgumentException(
                    "retryInterval must be positive, was " + retryInterval);
        }
        if (closeGrace.isNegative()) {
            throw new IllegalArgumentException(
                    "closeGrace must not be negative, was " + closeGrace);
        }
    }

    public static LedgerOptions defaults() {
        return new LedgerOptions(
                DEFAULT_SEGMENT_BYTES,
                DEFAULT_QUEUE_ENTRIES,
                DEFAULT_QUEUE_BYTES,
                DEFAULT_RETRY_INTERVAL,
                DEFAULT_CLOSE_GRACE);
    }
}
