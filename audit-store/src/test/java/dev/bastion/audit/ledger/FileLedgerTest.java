package dev.bastion.audit.ledger;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class FileLedgerTest {

    @TempDir private Path temporary;
    private final FaultySegmentFiles files = new FaultySegmentFiles();

    private Path folder() {
        return temporary.resolve("ledger");
    }

    private FileLedger open(@Nullable Integer queueEntries) {
        return FileLedger.open(
                folder(),
                InstantSource.system(),
                FaultySegmentFiles.smallOptions(queueEntries),
                files);
    }

    private List<AuditRecord> records() {
        List<AuditRecord> records = new ArrayList<>();
        try (LedgerReader reader = LedgerReader.open(folder(), new SequenceNumber(1))) {
            for (Optional<LedgerEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
                assertThat(e.get().sequence().value()).isEqualTo(records.size() + 1L);
                records.add(e.get().record());
            }
        }
        return records;
    }

    private static List<AuditRecord> commands(long from, long to) {
        return LongStream.rangeClosed(from, to).<AuditRecord>mapToObj(Records::command).toList();
    }

    @Test
    void whatIsAppendedIsReadBackInOrderOverManySegmentsAndOpenings() throws Exception {
        for (int opening = 0; opening < 3; opening++) {
            try (FileLedger ledger = open(null)) {
                assertThat(ledger.recovery().entries()).isEqualTo(opening * 200L);
                assertThat(ledger.recovery().cut()).isFalse();
                for (long i = 1; i <= 200; i++) {
                    ledger.append(Records.command(opening * 200L + i)).get(10, SECONDS);
                }
            }
        }
        assertThat(records()).isEqualTo(commands(1, 600));
        assertThat(new SegmentFolder(folder()).ordinals()).hasSizeGreaterThan(5);
        assertThat(LedgerVerifier.verify(folder()))
                .isInstanceOfSatisfying(
                        VerifyResult.Sound.class, s -> assertThat(s.entries()).isEqualTo(600));
    }

    @Test
    void onlyTheOwnerCanReadTheFiles() throws Exception {
        open(null).close();
        try (FileLedger ledger = open(null);
                var all = Files.list(folder())) {
            ledger.append(Records.command(1)).get(10, SECONDS);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                    .isEqualTo("rwx------");
            assertThat(all)
                    .allSatisfy(f ->
                            assertThat(
                                            PosixFilePermissions.toString(
                                                    Files.getPosixFilePermissions(f)))
                                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void appendsThatNobodyWaitsForShareSyncs() throws Exception {
        try (FileLedger ledger = open(null)) {
            ledger.append(Records.command(1)).get(10, SECONDS);
            int before = files.forces.get();
            long began = System.nanoTime();
            CompletableFuture<SequenceNumber> last = CompletableFuture.completedFuture(null);
            for (long i = 2; i <= 100; i++) {
                last = ledger.appendSoon(List.of(Records.command(i)));
            }
            last.get(10, SECONDS);
            // Of at least 4 ms; each with a sync of its own and at most one for a segment's
            // beginning.
            long gatherings = (System.nanoTime() - began) / 4_000_000 + 1;
            assertThat(files.forces.get() - before).isLessThanOrEqualTo((int) gatherings * 2);
        }
        assertThat(records()).isEqualTo(commands(1, 100));
    }

    @Test
    void whatMayWaitIsTakenWithWhatMayNotOrWhenHurried() throws Exception {
        var queue = new AppendQueue(10, 1000, Duration.ofHours(1));
        queue.offer(PendingAppend.of(List.of(new byte[1]), true));
        queue.offer(PendingAppend.of(List.of(new byte[2]), false));
        assertThat(queue.take()).hasSize(2);

        queue.offer(PendingAppend.of(List.of(new byte[3]), true));
        queue.hurry();
        assertThat(queue.take()).hasSize(1);

        queue.offer(PendingAppend.of(List.of(new byte[4]), true));
        CompletableFuture<List<PendingAppend>> taken = new CompletableFuture<>();
        Thread taker =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                taken.complete(queue.take());
                            } catch (InterruptedException e) {
                                taken.completeExceptionally(e);
                            }
                        });
        await().until(() -> taker.getState() == Thread.State.TIMED_WAITING);
        queue.offer(PendingAppend.of(List.of(new byte[5]), true));
        queue.offer(PendingAppend.of(List.of(new byte[6]), false));
        assertThat(taken.get(10, SECONDS)).hasSize(3);
    }

    @Test
    void manyAppendsShareOneSync() throws Exception {
        try (FileLedger ledger = open(null)) {
            ledger.append(Records.command(1)).get(10, SECONDS);
            files.holdSyncs();
            List<CompletableFuture<SequenceNumber>> futures = new ArrayList<>();
            futures.add(ledger.append(Records.command(2)));
            await().until(files::writerWaitsInSync);
            int before = files.forces.get();
            for (long i = 3; i <= 42; i++) {
                futures.add(ledger.append(Records.command(i)));
            }
            files.releaseSyncs();
            for (int i = 0; i < futures.size(); i++) {
                assertThat(futures.get(i).get(10, SECONDS)).isEqualTo(new SequenceNumber(i + 2));
            }
            // The one that was held, one for the forty, at most one for a segment's beginning.
            assertThat(files.forces.get() - before).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aChunkIsContiguousAndHasOneSync() throws Exception {
        try (FileLedger ledger = open(null)) {
            ledger.append(Records.command(1)).get(10, SECONDS);
            int before = files.forces.get();
            assertThat(ledger.appendAll(commands(2, 31)).get(10, SECONDS).value()).isEqualTo(31);
            assertThat(files.forces.get() - before).isEqualTo(1);

            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                String user = "user" + t;
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    for (int c = 0; c < 20; c++) {
                                        List<AuditRecord> chunk = new ArrayList<>();
                                        for (int i = 0; i < 5; i++) {
                                            chunk.add(
                                                    Records.command(
                                                            user, "s1", "web1", c * 5L + i, "x"));
                                        }
                                        ledger.appendAll(chunk).join();
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        List<AuditRecord> all = records();
        assertThat(all).hasSize(31 + 400);
        for (int i = 31; i < all.size(); i += 5) {
            var first = (AuditRecord.CommandEntered) all.get(i);
            for (int j = 1; j < 5; j++) {
                var other = (AuditRecord.CommandEntered) all.get(i + j);
                assertThat(other.context().user()).isEqualTo(first.context().user());
                assertThat(other.seq()).isEqualTo(first.seq() + j);
            }
        }
    }

    @Test
    void nothingIsAcknowledgedBeforeItsSync() throws Exception {
        try (FileLedger ledger = open(null)) {
            ledger.append(Records.command(1)).get(10, SECONDS);
            files.holdSyncs();
            var future = ledger.append(Records.command(2));
            await().until(files::writerWaitsInSync);
            assertThat(future).isNotDone();
            assertThat(ledger.committed().sequence()).isEqualTo(1);
            try (LedgerReader reader = ledger.read(new SequenceNumber(1))) {
                assertThat(reader.next()).isPresent();
                assertThat(reader.next()).isEmpty();
                files.releaseSyncs();
                future.get(10, SECONDS);
                assertThat(reader.next()).isPresent();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultySegmentFiles.Fault.class,
            names = {"DISK_FULL", "SYNC_FAILS"})
    void aFailingDeviceLosesNothingAndKeepsTheOrder(FaultySegmentFiles.Fault fault)
            throws Exception {
        List<AuditLogState> states = new CopyOnWriteArrayList<>();
        try (FileLedger ledger = open(null)) {
            LedgerReader follower = ledger.read(new SequenceNumber(1));
            ledger.onStateChange(states::add);
            ledger.appendAll(commands(1, 5)).get(10, SECONDS);
            assertThat(follower.next()).isPresent();
            files.fault = fault;
            List<CompletableFuture<SequenceNumber>> futures = new ArrayList<>();
            for (long i = 6; i <= 20; i++) {
                futures.add(ledger.append(Records.command(i)));
            }
            await().until(() -> ledger.state() instanceof AuditLogState.Unwritable);
            int tries = files.forces.get();
            if (fault == FaultySegmentFiles.Fault.SYNC_FAILS) {
                await().until(() -> files.forces.get() > tries + 5);
            }
            assertThat(futures).noneMatch(CompletableFuture::isDone);
            assertThat(new SegmentFolder(folder()).ordinals()).hasSizeLessThanOrEqualTo(2);
            files.fault = FaultySegmentFiles.Fault.NONE;
            for (int i = 0; i < futures.size(); i++) {
                assertThat(futures.get(i).get(10, SECONDS).value()).isEqualTo(i + 6L);
            }
            assertThat(ledger.state()).isEqualTo(new AuditLogState.Writable());
            for (int i = 2; i <= 20; i++) {
                assertThat(follower.next().orElseThrow().sequence().value()).isEqualTo(i);
            }
            follower.close();
        }
        assertThat(states.getFirst()).isInstanceOf(AuditLogState.Unwritable.class);
        assertThat(states.get(1)).isEqualTo(new AuditLogState.Writable());
        assertThat(records()).isEqualTo(commands(1, 20));
        open(null).close();
        assertThat(records()).isEqualTo(commands(1, 20));
        assertThat(LedgerVerifier.verify(folder())).isInstanceOf(VerifyResult.Sound.class);
    }

    @Test
    void closingWhileNothingCanBeWrittenFailsWhatWaits() throws Exception {
        FileLedger ledger = open(null);
        ledger.append(Records.command(1)).get(10, SECONDS);
        files.fault = FaultySegmentFiles.Fault.DISK_FULL;
        var future = ledger.append(Records.command(2));
        await().until(() -> ledger.state() instanceof AuditLogState.Unwritable);
        ledger.close();
        assertThat(future).isCompletedExceptionally();
        ledger.close();
        assertThat(ledger.append(Records.command(3))).isCompletedExceptionally();
        assertThat(records()).isEqualTo(commands(1, 1));
    }

    @Test
    void closingWritesWhatIsQueued() throws Exception {
        FileLedger ledger = open(null);
        List<CompletableFuture<SequenceNumber>> futures = new ArrayList<>();
        for (long i = 1; i <= 500; i++) {
            futures.add(ledger.append(Records.command(i)));
        }
        ledger.close();
        assertThat(futures).allMatch(f -> f.isDone() && !f.isCompletedExceptionally());
        assertThat(records()).isEqualTo(commands(1, 500));
    }

    @Test
    void aFullQueueRefusesAndWhatIsInItIsKept() throws Exception {
        try (FileLedger ledger = open(3)) {
            ledger.append(Records.command(1)).get(10, SECONDS);
            files.holdSyncs();
            var first = ledger.append(Records.command(2));
            var second = ledger.append(Records.command(3));
            var third = ledger.append(Records.command(4));
            assertThatThrownBy(() -> ledger.append(Records.command(5)).get(10, SECONDS))
                    .hasCauseInstanceOf(AuditLogException.class)
                    .hasMessageContaining("queue is full");
            files.releaseSyncs();
            CompletableFuture.allOf(first, second, third).get(10, SECONDS);
            await().until(() -> ledger.queued() == 0);
            ledger.append(Records.command(5)).get(10, SECONDS);
        }
        assertThat(records()).isEqualTo(commands(1, 5));
    }

    @Test
    void aSecondOpenerIsRefused() {
        try (FileLedger first = open(null)) {
            assertThat(first.state()).isEqualTo(new AuditLogState.Writable());
            assertThatThrownBy(() -> open(null))
                    .isInstanceOf(AuditLogException.class)
                    .hasMessageContaining("in use by another bastion");
        }
        open(null).close();
    }

    @Test
    void aBatchLargerThanASegmentGetsItsOwn() throws Exception {
        String large = "x".repeat(64 << 10);
        AuditRecord record = Records.command("alice", "s1", "web1", 1, large);
        try (FileLedger ledger = open(null)) {
            ledger.append(Records.command(1)).get(10, SECONDS);
            ledger.appendAll(List.of(record, record)).get(10, SECONDS);
            ledger.append(Records.command(2)).get(10, SECONDS);
        }
        assertThat(records())
                .containsExactly(Records.command(1), record, record, Records.command(2));
    }

    /** Appends one by one, after so many entries, until this share of the segment is used. */
    private static long fill(FileLedger ledger, long before, double share) throws Exception {
        long bytes = SegmentHeader.BYTES;
        long entries = 0;
        while (bytes < share * (16 << 10)) {
            AuditRecord record = Records.command(++entries);
            bytes += PendingAppend.of(List.of(RecordEncoder.encode(record)), false).entryBytes();
            if (entries > before) {
                ledger.append(record).get(10, SECONDS);
            }
        }
        return entries;
    }

    @Test
    void theNextSegmentIsMadeAheadAndNotByTheWriter() throws Exception {
        try (FileLedger ledger = open(null)) {
            long entries = fill(ledger, 0, 0.4);
            assertThat(files.creators).containsExactly("ledger-writer");
            entries = fill(ledger, entries, 0.7);
            await().until(() -> files.creators.size() == 2);
            assertThat(new SegmentFolder(folder()).ordinals()).hasSize(1);
            entries = fill(ledger, entries, 1.2);
            assertThat(new SegmentFolder(folder()).ordinals()).hasSize(2);
            assertThat(files.creators).containsExactly("ledger-writer", "ledger-next-segment");
            assertThat(records()).isEqualTo(commands(1, entries));
            fill(ledger, entries, 1.8);
            await().until(() -> files.creators.size() == 3);
        }
        assertThat(new SegmentFolder(folder()).unfinished()).doesNotExist();
    }

    @Test
    void whatCannotBeMadeAheadIsMadeWhenItIsNeeded() throws Exception {
        try (FileLedger ledger = open(null)) {
            long entries = fill(ledger, 0, 0.4);
            files.fault = FaultySegmentFiles.Fault.CREATION_FAILS;
            entries = fill(ledger, entries, 0.7);
            await().until(() -> files.refused.get() == 1);
            assertThat(ledger.state()).isEqualTo(new AuditLogState.Writable());
            files.fault = FaultySegmentFiles.Fault.NONE;
            entries = fill(ledger, entries, 1.2);
            assertThat(files.creators).containsExactly("ledger-writer", "ledger-writer");
            assertThat(records()).isEqualTo(commands(1, entries));
        }
    }

    @Test
    void aSegmentMadeAheadAndLeftByACrashIsNoPartOfTheLedger() throws Exception {
        try (FileLedger ledger = open(null)) {
            ledger.appendAll(commands(1, 5)).get(10, SECONDS);
        }
        Path left = new SegmentFolder(folder()).unfinished();
        byte[] header = new SegmentHeader(2, 6, EntryHash.NONE, 0).encode().array();
        for (byte[] bytes : List.of(new byte[16 << 10], new byte[100], header)) {
            Files.write(left, bytes);
            assertThat(LedgerVerifier.verify(folder()))
                    .isInstanceOfSatisfying(
                            VerifyResult.Sound.class, s -> assertThat(s.entries()).isEqualTo(5));
            try (FileLedger ledger = open(null)) {
                assertThat(ledger.recovery().entries()).isEqualTo(5);
                assertThat(ledger.recovery().cut()).isFalse();
                assertThat(left).doesNotExist();
            }
        }
        try (FileLedger ledger = open(null)) {
            ledger.append(Records.command(6)).get(10, SECONDS);
        }
        assertThat(records()).isEqualTo(commands(1, 6));
    }
}
