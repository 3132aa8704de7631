package dev.bastion.audit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut in the middle of any operation, also while what an earlier cut left is repaired,
 * and the device keeps any sectors of what was not synced: what was acknowledged is there, and the
 * ledger opens.
 */
@Timeout(1800)
final class PowerCutTest {

    /** {@code bastion soak power} asks for more. */
    private static final int LEDGERS = Integer.getInteger("bastion.power.ledgers", 15);

    private static final int CUTS = 10;

    /** So small that a new one is made at many moments. */
    private static final LedgerOptions OPTIONS =
            new LedgerOptions(8 << 10, 10_000, 64 << 20, Duration.ofMillis(20), Duration.ZERO);

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @TempDir private Path folder;

    @Test
    void whateverSectorsAPowerCutKeepsWhatWasAcknowledgedIsThere() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        long entries = 0;
        long tornBytes = 0;
        for (int number = 0; number < LEDGERS; number++) {
            Map<Long, String> acknowledged = new HashMap<>();
            Path current = folder.resolve(number + "-0");
            for (int cut = 1; cut <= CUTS; cut++) {
                Path after = folder.resolve(number + "-" + cut);
                var files =
                        new PowerCutSegmentFiles(current, after, random, 1 + random.nextInt(60));
                work(current, files, random, number + "-" + cut + "-", acknowledged);
                String where = "seed %d, ledger %d, cut %d".formatted(seed, number, cut);
                try (FileLedger ledger = FileLedger.open(after, CLOCK, OPTIONS)) {
                    tornBytes += ledger.recovery().cutBytes();
                    assertThat(texts(ledger)).as(where).containsAllEntriesOf(acknowledged);
                }
                current = after;
            }
            entries += acknowledged.size();
        }
        System.err.printf(
                "power: seed %d, %d cuts, %d entries acknowledged, none lost, %d torn bytes cut%n",
                seed, LEDGERS * CUTS, entries, tornBytes);
        assertThat(entries).isGreaterThan((long) LEDGERS * CUTS);
        assertThat(tornBytes).isPositive();
    }

    private static void work(
            Path current,
            PowerCutSegmentFiles files,
            Random random,
            String name,
            Map<Long, String> acknowledged)
            throws Exception {
        Map<String, CompletableFuture<SequenceNumber>> appends = new HashMap<>();
        try (FileLedger ledger = FileLedger.open(current, CLOCK, OPTIONS, files)) {
            for (int i = 0; !files.isCut(); i++) {
                String text = name + i + "-" + "x".repeat(random.nextInt(1_500));
                CompletableFuture<SequenceNumber> append =
                        ledger.append(Records.command("alice", "s1", "web1", i + 1L, text));
                appends.put(text, append);
                boolean waits = random.nextInt(4) != 0;
                while (waits && !append.isDone() && !files.isCut()) {
                    Thread.onSpinWait();
                }
            }
        } catch (AuditLogException e) {
            assertThat(files.isCut()).as(e.getMessage()).isTrue();
        }
        for (var append : appends.entrySet()) {
            if (append.getValue().isDone() && !append.getValue().isCompletedExceptionally()) {
                acknowledged.put(append.getValue().get().value(), append.getKey());
            }
        }
    }

    private static Map<Long, String> texts(FileLedger ledger) {
        Map<Long, String> found = new HashMap<>();
        try (LedgerReader reader = ledger.read(new SequenceNumber(1))) {
            for (var e = reader.next(); e.isPresent(); e = reader.next()) {
                var command = (AuditRecord.CommandEntered) e.get().record();
                found.put(e.get().sequence().value(), command.command());
            }
        }
        return found;
    }
}
