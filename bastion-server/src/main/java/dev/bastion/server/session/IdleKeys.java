package dev.bastion.server.session;

import dev.bastion.menu.terminal.KeySource;
import java.io.IOException;
import java.time.Duration;

/** Keys that say {@link KeySource#IDLE} when none has come for a while. Confined to one thread. */
final class IdleKeys implements KeySource {

    private final KeySource keys;
    private final Duration limit;
    private long activeNanos = System.nanoTime();

    IdleKeys(KeySource keys, Duration limit) {
        this.keys = keys;
        this.limit = limit;
    }

    @Override
    public int read(Duration wait) throws IOException {
        Duration left = limit.minusNanos(System.nanoTime() - activeNanos);
        boolean last = left.compareTo(wait) <= 0;
        int answer = keys.read(!last ? wait : left.isPositive() ? left : Duration.ZERO);
        if (answer >= 0) {
            activeNanos = System.nanoTime();
        }
        return answer == TIMEOUT && last ? IDLE : answer;
    }
}
