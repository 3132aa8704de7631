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
 * @param steady how long entries come at a steady rate, a round and rate
 * @param paints first paints of the menu a round, size and number of hosts
 * @param megabytes that go each way a round
 */
record BenchOptions(
        int rounds,
        int keys,
        int logins,
        int enters,
        Duration burst,
        Duration steady,
        int paints,
        int megabytes) {

    static final BenchOptions DEFAULT =
            new BenchOptions(5, 500, 8, 200, Duration.ofSeconds(1), Duration.ofSeconds(2), 40, 128);
    static final BenchOptions QUICK =
            new BenchOptions(2, 200, 1, 40, Duration.ofMillis(200), Duration.ofMillis(400), 5, 8);

    BenchOptions {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds: not a positive number: " + rounds);
        }
    }

    BenchOptions withRounds(int other) {
        return new BenchOptions(other, keys, logins, enters, burst, steady, paints, megabytes);
    }
}
