package dev.bastion.server.relay;

import java.time.Duration;

/**
 * When each side sent something last. Thread-safe; each side is noted by one thread at a time, and
 * {@link #take} is called by one thread at a time.
 */
final class Activity {

    private volatile long operatorNanos = System.nanoTime();
    private volatile long hostNanos = operatorNanos;
    private long operatorTaken = operatorNanos;
    private long hostTaken = operatorNanos;

    void operatorSent() {
        operatorNanos = System.nanoTime();
    }

    void hostSent() {
        hostNanos = System.nanoTime();
    }

    /**
     * How long ago something was sent.
     *
     * @param operatorOnly whether what the host sends does not count
     */
    Duration since(boolean operatorOnly) {
        long now = System.nanoTime();
        long operatorSince = now - operatorNanos;
        long shortest = operatorOnly ? operatorSince : Math.min(operatorSince, now - hostNanos);
        return Duration.ofNanos(Math.max(0, shortest));
    }

    /** Who sent something since this was last asked. */
    Relay.Heard take() {
        long operator = operatorNanos;
        long host = hostNanos;
        Relay.Heard heard = new Relay.Heard(operator != operatorTaken, host != hostTaken);
        operatorTaken = operator;
        hostTaken = host;
        return heard;
    }
}
