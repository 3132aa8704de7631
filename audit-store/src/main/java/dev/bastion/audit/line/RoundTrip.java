package dev.bastion.audit.line;

import java.util.Arrays;

/**
 * How long the host takes to answer a key: the median of the last answers to keys that came after a
 * silence. Confined to one thread.
 */
final class RoundTrip {

    private static final int SAMPLES = 9;

    /** A round trip below this is too short to tell anything from. */
    private static final long NOTICEABLE_NANOS = 40_000_000;

    private static final long SILENCE_NANOS = 200_000_000;
    private static final long MAX_NANOS = 3_000_000_000L;

    private final long[] samples = new long[SAMPLES];
    private int count;
    private long lastKey = Long.MIN_VALUE / 2;
    private long lastOutput = Long.MIN_VALUE / 2;
    private long isolatedKey = Long.MIN_VALUE;
    private long median;
    private long fast;

    void key(long now) {
        if (isolatedKey == Long.MIN_VALUE && now - Math.max(lastKey, lastOutput) > SILENCE_NANOS) {
            isolatedKey = now;
        }
        lastKey = now;
    }

    void output(long now) {
        lastOutput = now;
        if (isolatedKey == Long.MIN_VALUE) {
            return;
        }
        long taken = now - isolatedKey;
        isolatedKey = Long.MIN_VALUE;
        if (taken >= 0 && taken < MAX_NANOS) {
            samples[count++ % SAMPLES] = taken;
            long[] sorted = Arrays.copyOf(samples, Math.min(count, SAMPLES));
            Arrays.sort(sorted);
            median = sorted[sorted.length / 2];
            fast = sorted[sorted.length / 4];
        }
    }

    /** Nanoseconds; 0 until the first answer. */
    long nanos() {
        return median;
    }

    /**
     * Whether a key of that time is long enough ago for an answer, by the fast ones of the last.
     */
    boolean mayBeAnswered(long keyNanos, long now) {
        return fast < NOTICEABLE_NANOS || now - keyNanos >= fast * 3 / 4;
    }
}
