package dev.bastion.audit.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.LedgerVerifier;
import dev.bastion.audit.ledger.VerifyResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real file system of 24 MiB with the ledger and the database on it: after the ledger's first
 * segment of 16 MiB there is no room for a second, and less and less for the database. Then it is
 * made larger. Only root can mount one; a full disk for every login is in the tests of the server.
 */
@Timeout(180)
final class DiskFullIT {

    private static final String TEXT = "x".repeat(4_000);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path folder;

    @Test
    void whatWaitsWhileTheDiskIsFullIsWrittenWhenThereIsRoomAndNothingIsLost() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=24m,mode=0700", "none", disk.toString());
        try {
            fill(disk);
            assertThat(LedgerVerifier.verify(disk.resolve("ledger")))
                    .isInstanceOf(VerifyResult.Sound.class);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void fill(Path disk) throws Exception {
        try (AuditStore store =
                AuditStore.open(
                        disk.resolve("ledger"), disk.resolve("db"), InstantSource.system())) {
            List<CompletableFuture<SequenceNumber>> appended = new ArrayList<>();
            while (store.log().state() instanceof AuditLogState.Writable) {
                for (int i = 0; i < 20; i++) {
                    appended.add(store.log().append(command(appended.size() + 1L)));
                }
                await(() ->
                        appended.getLast().isDone()
                                || store.log().state() instanceof AuditLogState.Unwritable);
            }
            long durable = appended.stream().filter(CompletableFuture::isDone).count();
            AuditLogState.Unwritable full = (AuditLogState.Unwritable) store.log().state();
            assertThat(full.reason()).contains("No space left on device");
            assertThat(durable).isGreaterThan(1_000).isLessThan(appended.size());

            run("mount", "-o", "remount,size=200m", disk.toString());
            for (CompletableFuture<SequenceNumber> append : appended) {
                append.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(store.log().state()).isInstanceOf(AuditLogState.Writable.class);
            assertThat(store.awaitReadable(PATIENCE)).isTrue();
            List<Long> found = new ArrayList<>();
            store.reader().commands(Query.ALL, row -> found.add(row.record().seq()));
            assertThat(found)
                    .isEqualTo(LongStream.rangeClosed(1, appended.size()).boxed().toList());
            System.err.printf(
                    "disk full: %d entries durable, %d waited, none lost%n",
                    durable, appended.size() - durable);
        }
    }

    private static AuditRecord command(long seq) {
        return Records.command("alice", "s1", "web1", seq, TEXT);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(1);
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
