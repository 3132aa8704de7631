package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every sync of the disk takes 100 ms. One operator enters line after line, each of which waits for
 * its sync; another types in a second session, and must not wait for any.
 */
final class SlowDiskIT {

    private static final Duration SYNC = Duration.ofMillis(100);
    private static final int KEYS = 60;

    /** Half of a sync; whoever waited for syncs would wait longer with every second key. */
    private static final long MOST_MILLIS = 50;

    @Test
    void whoTypesDoesNotWaitForTheLinesOfOthers(@TempDir Path folder) throws Exception {
        Path trace = folder.resolve("syncs");
        try (BastionScene scene = BastionScene.start(folder)) {
            scene.bastion().terminate(BastionScene.LIMIT);
            scene.serveOnSlowDisk(SYNC, trace);
            System.err.println("slow disk: synced at the start " + byFile(trace));
            scene.admin("user add dora --role operator");
            System.err.println("slow disk: and with a change " + byFile(trace));
            try (PtySshClient lines = scene.shell();
                    PtySshClient keys = scene.shell()) {
                keys.expect("[#$] ", BastionScene.LIMIT);
                long syncsBefore = syncs(trace);
                var done = new AtomicBoolean();
                var entered = new AtomicInteger();
                Thread enters =
                        Thread.ofPlatform()
                                .start(() -> {
                                    while (!done.get()) {
                                        lines.send("true\r");
                                        lines.expect(BastionScene.PROMPT, BastionScene.LIMIT);
                                        entered.incrementAndGet();
                                    }
                                });
                long began = System.nanoTime();
                long[] millis = new long[KEYS];
                for (int i = 0; i < KEYS; i++) {
                    long sent = System.nanoTime();
                    String key = Character.toString('a' + i % 26);
                    keys.send(key);
                    keys.expect(key, BastionScene.LIMIT);
                    millis[i] = (System.nanoTime() - sent) / 1_000_000;
                    // As fast as a person types, so that the keys meet syncs at any moment.
                    Thread.sleep(70);
                }
                done.set(true);
                enters.join(BastionScene.LIMIT);
                long linesMillis = (System.nanoTime() - began) / 1_000_000;
                long syncs = syncs(trace) - syncsBefore;
                Arrays.sort(millis);
                System.err.printf(
                        "slow disk: %d lines in %d ms with %d syncs; of %d keys beside them the"
                                + " median took %d ms, the slowest of 19 in 20 %d ms%n",
                        entered.get(),
                        linesMillis,
                        syncs,
                        KEYS,
                        millis[KEYS / 2],
                        millis[KEYS * 19 / 20]);
                System.err.println("slow disk: synced in all " + byFile(trace));
                assertThat(entered.get()).as("lines").isPositive();
                assertThat(syncs).as("syncs").isGreaterThanOrEqualTo(entered.get());
                assertThat(linesMillis / entered.get())
                        .as("each line waits for its sync")
                        .isGreaterThanOrEqualTo(SYNC.toMillis());
                assertThat(millis[KEYS / 2]).as("median").isLessThan(MOST_MILLIS);
            }
        }
    }

    /** How often each file was synced. */
    private static Map<String, Long> byFile(Path trace) throws IOException {
        try (var lines = Files.lines(trace)) {
            return lines.filter(line -> line.contains("sync("))
                    .map(line -> line.replaceAll(".*/([^/>]*)>.*", "$1"))
                    .collect(
                            Collectors.groupingBy(
                                    file -> file, TreeMap::new, Collectors.counting()));
        }
    }

    private static long syncs(Path trace) throws IOException {
        try (var lines = Files.lines(trace)) {
            return lines.filter(line -> line.contains("sync(")).count();
        }
    }
}
