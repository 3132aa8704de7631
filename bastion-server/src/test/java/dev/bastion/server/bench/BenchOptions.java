package dev.bastion.server.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds how often each way is measured, in turns
 * @param keys key presses a round and way
 * @param logins logins a round, way and kind
 * @param enters lines entered a round and way
 * @param burst how long ledger sessions append as fast as they can, a round
 * @param megabytes that go each way a round
 */
record BenchOptions(int rounds, int keys, int logins, int enters, Duration burst, int megabytes) {

    static final BenchOptions DEFAULT =
            new BenchOptions(5, 500, 4, 200, Duration.ofSeconds(1), 256);
    static final BenchOptions QUICK = new BenchOptions(3, 200, 1, 60, Duration.ofMillis(300), 32);

    BenchOptions {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds: not a positive number: " + rounds);
        }
    }

    BenchOptions withRounds(int other) {
        return new BenchOptions(other, keys, logins, enters, burst, megabytes);
    }
}
