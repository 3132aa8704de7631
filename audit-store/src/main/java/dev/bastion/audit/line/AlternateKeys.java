package dev.bastion.audit.line;

/** Keys typed while a program has the whole screen: counted, not kept. Confined to one thread. */
final class AlternateKeys {

    private int keys;
    private long lastNanos;

    void key(long nanos) {
        keys++;
        lastNanos = nanos;
    }

    /** Keys that were typed before the screen came, but for the program that took it. */
    void add(int count, long nanos) {
        keys += count;
        lastNanos = Math.max(lastNanos, nanos);
    }

    int keys() {
        return keys;
    }

    long lastNanos() {
        return lastNanos;
    }

    void clear() {
        keys = 0;
    }
}
