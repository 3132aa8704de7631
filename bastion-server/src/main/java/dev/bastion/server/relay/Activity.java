package dev.bastion.server.relay;

import java.time.Duration;

/**
 * Who sent something since it was last asked about. Thread-safe; each side is noted by one thread
 * at a time, which writes only once between two questions.
 */
final class Activity {

    private volatile boolean operator;
    private volatile boolean host;
    private volatile long operatorNanos = System.nanoTime();
    private volatile long hostNanos = operatorNanos;

    void operatorSent() {
        operatorNanos = System.nanoTime();
        if (!operator) {
            operator = true;
        }
    }

    void hostSent() {
        hostNanos = System.nanoTime();
        if (!host) {
            host = true;
        }
    }

    /**
     * How long ago something was sent.
     *
     * @param operatorOnly whether what the host sends does not count
     */
    Duration since(boolean operatorOnly) {
        long now = System.nanoTime();
        long operatorSince = now - operatorNanos;
        return Duration.ofNanos(
                Math.max(
                        0,
                        operatorOnly ? operatorSince : Math.min(operatorSince, now - hostNanos)));
    }

    /** Who did, and begins anew. */
    Relay.Heard take() {
        Relay.Heard heard = new Relay.Heard(operator, host);
        if (heard.operator()) {
            operator = false;
        }
        if (heard.host()) {
            host = false;
        }
        return heard;
    }
}
