package dev.bastion.audit.proof;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a checkpoint is made by itself. Entry 1 is that of the key. */
@Timeout(60)
final class CheckpointsTest {

    @TempDir private Path folder;

    private final BlockingQueue<Checkpoint> made = new LinkedBlockingQueue<>();

    private FileLedger ledger() {
        return FileLedger.open(
                folder.resolve("ledger"), InstantSource.system(), LedgerOptions.defaults());
    }

    private Checkpoints start(FileLedger ledger, int entries, Duration interval) {
        return Checkpoints.start(
                folder.resolve("ledger"),
                ledger,
                new ProofOptions(
                        folder.resolve("key"),
                        "node1",
                        entries,
                        interval,
                        folder.resolve("recordings"),
                        List.of(made::add)),
                InstantSource.system());
    }

    private static void append(FileLedger ledger, int count) throws Exception {
        for (int i = 1; i <= count; i++) {
            ledger.append(Records.command(i)).get(10, SECONDS);
        }
    }

    private @Nullable Checkpoint next(int seconds) throws InterruptedException {
        return made.poll(seconds, SECONDS);
    }

    @Test
    void soManyEntriesMakeOneDue() throws Exception {
        try (FileLedger ledger = ledger();
                Checkpoints _ = start(ledger, 10, Duration.ofDays(1))) {
            append(ledger, 8);
            assertThat(next(2)).isNull();
            append(ledger, 1);
            assertThat(next(20)).isNotNull().matches(c -> c.position().sequence() == 10);
            append(ledger, 5);
        }
        // The end makes one of what is left.
        assertThat(next(5)).isNotNull().matches(c -> c.position().sequence() == 15);
    }

    @Test
    void anEntryDoesNotStayWithoutOneForLong() throws Exception {
        try (FileLedger ledger = ledger();
                Checkpoints _ = start(ledger, 1_000, Duration.ofSeconds(1))) {
            assertThat(next(20)).isNotNull().matches(c -> c.position().sequence() == 1);
            assertThat(next(2)).isNull();
            append(ledger, 1);
            assertThat(next(20)).isNotNull().matches(c -> c.position().sequence() == 2);
        }
    }

    @Test
    void standardOutputGetsALineThatTheVerifierReads() throws Exception {
        var bytes = new ByteArrayOutputStream();
        CheckpointSink sink =
                CheckpointSink.lines(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try (FileLedger ledger = ledger();
                Checkpoints checkpoints = start(ledger, 1_000, Duration.ofDays(1))) {
            append(ledger, 2);
            checkpoints.signNow();
            Checkpoint newest = checkpoints.newest().orElseThrow();
            sink.take(newest);
            Path kept = folder.resolve("kept");
            java.nio.file.Files.write(kept, bytes.toByteArray());
            assertThat(bytes.toString(StandardCharsets.UTF_8))
                    .startsWith("{\"checkpoint\":\"bastion-ledger/node1\\n")
                    .endsWith("\"}\n");
            assertThat(KeptCheckpoints.read(kept))
                    .singleElement()
                    .matches(read -> read.note().toString().equals(newest.note().toString()));
        }
    }
}
