package dev.bastion.server.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds how often each way is measured, in turns
 * @param keys key presses a round and way
 * @param loadedKeys the same while bulk data passes
 * @param logins logins a round, way and kind
 * @param enters lines entered a round and way
 * @param burst how long ledger sessions append as fast as they can, a round
 * @param steady how long entries come at a steady rate, a round and rate
 * @param paints first paints of the menu a round, size and number of hosts
 * @param megabytes that go each way a round, in MiB
 * @param files small files that go each way a round
 * @param auditLines lines of which an audit log is asked
 * @param fleet sessions at once
 */
record BenchOptions(
        int rounds,
        int keys,
        int loadedKeys,
        int logins,
        int enters,
        Duration burst,
        Duration steady,
        int paints,
        int megabytes,
        int files,
        int auditLines,
        Fleet fleet) {

    /**
     * Sessions at once.
     *
     * @param measured idle ones whose memory is measured
     * @param idle all idle ones
     * @param busy ones in which keys are pressed
     * @param typing how long, a round
     */
    record Fleet(int measured, int idle, int busy, Duration typing) {}

    static final BenchOptions DEFAULT =
            new BenchOptions(
                    5,
                    500,
                    200,
                    5,
                    200,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    40,
                    256,
                    500,
                    1_000_000,
                    new Fleet(1000, 1000, 100, Duration.ofSeconds(4)));

    static final BenchOptions FULL =
            new BenchOptions(
                    5,
                    1000,
                    300,
                    10,
                    200,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    40,
                    1024,
                    10_000,
                    10_000_000,
                    new Fleet(1000, 5000, 200, Duration.ofSeconds(10)));

    static final BenchOptions QUICK =
            new BenchOptions(
                    2,
                    200,
                    50,
                    1,
                    40,
                    Duration.ofMillis(200),
                    Duration.ofMillis(400),
                    5,
                    8,
                    50,
                    20_000,
                    new Fleet(100, 100, 20, Duration.ofSeconds(1)));

    BenchOptions {
        if (rounds < 1 || megabytes < 1) {
            throw new IllegalArgumentException("rounds and size must be at least 1");
        }
    }

    BenchOptions withRounds(int other) {
        return new BenchOptions(
                other,
                keys,
                loadedKeys,
                logins,
                enters,
                burst,
                steady,
                paints,
                megabytes,
                files,
                auditLines,
                fleet);
    }

    BenchOptions withMegabytes(int other) {
        return new BenchOptions(
                rounds,
                keys,
                loadedKeys,
                logins,
                enters,
                burst,
                steady,
                paints,
                other,
                files,
                auditLines,
                fleet);
    }
}
