package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader.CommandRow;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.Backoff;
import dev.bastion.audit.ledger.LedgerOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An hour in which another process has the audit database locked, with all that is typed in it and
 * without its waiting: twenty lines a second, in forty sessions. That is more than may wait for the
 * ledger, in entries and in bytes, and 72 times what one transaction carries. It is tried again
 * four times a second instead of every ten seconds.
 */
@Timeout(120)
final class HourAwayIT {

    private static final int SECONDS_AWAY = 3_600;
    private static final int LINES_A_SECOND = 20;
    private static final int LINES = SECONDS_AWAY * LINES_A_SECOND;
    private static final int SESSIONS = 40;

    /** Stands in a record twice, as keys and as command. */
    private static final String TEXT = " ".repeat(10) + "xyz ".repeat(85);

    private static final Backoff SOON = new Backoff(Duration.ofMillis(1), Duration.ofMillis(250));
    private static final Duration CAUGHT_UP = Duration.ofSeconds(60);

    /** Of the heap: the index of words gathers 16 MiB, and the rest of it is noise. */
    private static final long MOST_KEPT_BYTES = 32L << 20;

    @TempDir private Path folder;

    private AuditStore open() {
        return AuditStore.open(
                folder.resolve("ledger"),
                folder.resolve("db"),
                InstantSource.system(),
                LedgerOptions.defaults(),
                null,
                SOON);
    }

    @Test
    void whatWasTypedMeanwhileIsKeptInTheLedgerAloneAndIsThereOnceAndInOrderAfterwards()
            throws Exception {
        try (AuditStore store = open()) {
            store.log().append(Records.command(1)).get(10, SECONDS);
            assertThat(store.awaitReadable(CAUGHT_UP)).isTrue();
        }
        try (FileChannel file =
                        FileChannel.open(
                                folder.resolve("db/audit.mv.db"), StandardOpenOption.WRITE);
                var lock = file.lock();
                AuditStore store = open()) {
            long before = usedBytes();
            for (int second = 0; second < SECONDS_AWAY; second += 60) {
                typeForAMinute(store, second);
            }
            long kept = usedBytes() - before;

            assertThat(LINES).isGreaterThan(LedgerOptions.DEFAULT_QUEUE_ENTRIES);
            assertThat(ledgerBytes()).isGreaterThan(LedgerOptions.DEFAULT_QUEUE_BYTES);
            assertThat(kept).isLessThan(MOST_KEPT_BYTES);
            assertThat(store.projector().position()).isZero();
            assertThatThrownBy(() -> store.reader().commands(Query.ALL, row -> {}))
                    .isInstanceOf(AuditLogException.class)
                    .hasMessageContaining("in use by another process");

            lock.release();
            assertThat(store.awaitReadable(CAUGHT_UP)).isTrue();
            assertEachLineOnceAndInOrder(store);
        }
    }

    /** Each second is one append; nobody is stopped, so that all of a minute are soon durable. */
    private static void typeForAMinute(AuditStore store, int from) throws Exception {
        List<CompletableFuture<SequenceNumber>> durable = new ArrayList<>();
        for (int second = from; second < from + 60; second++) {
            List<AuditRecord> lines = new ArrayList<>();
            for (int i = 0; i < LINES_A_SECOND; i++) {
                lines.add(line(second * LINES_A_SECOND + i));
            }
            durable.add(store.log().appendAll(lines));
        }
        for (CompletableFuture<SequenceNumber> append : durable) {
            append.get(10, SECONDS);
        }
    }

    private static AuditRecord line(int number) {
        return Records.command(
                "alice", "away" + number % SESSIONS, "web1", number / SESSIONS + 1, number + TEXT);
    }

    private static void assertEachLineOnceAndInOrder(AuditStore store) {
        int[] next = {-1};
        store.reader()
                .commands(
                        Query.ALL,
                        row -> {
                            if (next[0] >= 0) {
                                assertIs(row, next[0]);
                            }
                            next[0]++;
                        });
        assertThat(next[0]).isEqualTo(LINES);
    }

    private static void assertIs(CommandRow row, int number) {
        AuditRecord.CommandEntered found = row.record();
        if (!found.command().equals(number + TEXT)
                || found.seq() != number / SESSIONS + 1
                || !found.context().session().value().equals("away" + number % SESSIONS)) {
            throw new AssertionError("in the place of line " + number + " stands " + found);
        }
    }

    private long ledgerBytes() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder.resolve("ledger"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".segment")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /** What is left after all that can be collected was. */
    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least =
                    Math.min(
                            least,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
