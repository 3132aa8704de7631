package dev.bastion.audit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that appends is killed at random moments; what it was told is durable must be there. In
 * most rounds segments are so small that one is being made at most moments.
 */
@Timeout(3600)
final class LedgerKillIT {

    /** {@code bastion soak ledger} asks for more. */
    private static final int ROUNDS = Integer.getInteger("bastion.kill.rounds", 20);

    private static final int SMALL_SEGMENT_ROUNDS = ROUNDS * 3 / 4;
    private static final int SMALL_SEGMENT_BYTES = 16 << 10;

    @TempDir private Path folder;

    @Test
    void everyAcknowledgedEntrySurvivesAKill() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Map<Long, String> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xshare:auto",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    AppendingProcess.class.getName(),
                                    folder.toString(),
                                    Integer.toString(round),
                                    Integer.toString(
                                            round >= SMALL_SEGMENT_ROUNDS
                                                    ? LedgerOptions.DEFAULT_SEGMENT_BYTES
                                                    : SMALL_SEGMENT_BYTES))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try (BufferedReader out = process.inputReader()) {
                assertThat(out.readLine()).isEqualTo("open");
                Thread killer =
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        Thread.sleep(20 + random.nextInt(300));
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                    process.toHandle().destroyForcibly();
                                });
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    String[] words = line.split(" ", -1);
                    if (words.length == 3 && words[2].equals(".")) {
                        acknowledged.put(Long.valueOf(words[0]), words[1]);
                    }
                }
                killer.join();
            }
            process.waitFor();
            try (FileLedger ledger =
                    FileLedger.open(folder, InstantSource.system(), LedgerOptions.defaults())) {
                assertThat(ledger.recovery().entries())
                        .as("seed %d, round %d", seed, round)
                        .isGreaterThanOrEqualTo(
                                acknowledged.keySet().stream()
                                        .mapToLong(Long::longValue)
                                        .max()
                                        .orElse(0));
            }
            assertThat(LedgerVerifier.verify(folder))
                    .as("seed %d, round %d", seed, round)
                    .isInstanceOf(VerifyResult.Sound.class);
        }
        Map<Long, String> found = new HashMap<>();
        try (LedgerReader reader = LedgerReader.open(folder, new SequenceNumber(1))) {
            for (var e = reader.next(); e.isPresent(); e = reader.next()) {
                var command = (AuditRecord.CommandEntered) e.get().record();
                found.put(e.get().sequence().value(), command.command());
            }
        }
        System.err.println("kill: " + ROUNDS + " rounds, acknowledged " + acknowledged.size());
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
        assertThat(new SegmentFolder(folder).ordinals()).hasSizeGreaterThan(10);
        assertThat(found).containsAllEntriesOf(acknowledged);
    }

    /** Appends from four threads and prints each entry's number and text once it is durable. */
    static final class AppendingProcess {

        private AppendingProcess() {}

        public static void main(String[] args) {
            FileLedger ledger =
                    FileLedger.open(
                            Path.of(args[0]),
                            InstantSource.system(),
                            new LedgerOptions(
                                    Integer.parseInt(args[2]),
                                    LedgerOptions.DEFAULT_QUEUE_ENTRIES,
                                    LedgerOptions.DEFAULT_QUEUE_BYTES,
                                    LedgerOptions.DEFAULT_RETRY_INTERVAL,
                                    LedgerOptions.DEFAULT_CLOSE_GRACE));
            say("open");
            for (int t = 0; t < 4; t++) {
                String name = args[1] + "-" + t;
                Thread.ofPlatform().start(() -> append(ledger, name));
            }
        }

        private static void append(FileLedger ledger, String name) {
            for (long i = 1; ; i++) {
                String text = name + "-" + i;
                SequenceNumber entry =
                        ledger.append(Records.command("alice", "s1", "web1", i, text)).join();
                say(entry.value() + " " + text + " .");
            }
        }

        @SuppressWarnings("SystemOut")
        private static void say(String line) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
