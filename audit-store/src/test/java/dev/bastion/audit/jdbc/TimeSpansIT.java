package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.jdbc.TimeSpans.Range;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five thousand commands a second apart, in the middle of which the clock is set back by an hour:
 *
 * <pre>
 * entry  1 … 2500        2501 … 5000
 * second 1 … 2500   -3600+2501 … -3600+5000
 * </pre>
 */
final class TimeSpansIT {

    private static final Instant START = Records.NOON.truncatedTo(ChronoUnit.MICROS);

    @TempDir private Path folder;
    private AuditStore store;

    @BeforeEach
    void fill() throws Exception {
        store =
                AuditStore.open(
                        folder.resolve("ledger"), folder.resolve("db"), InstantSource.system());
        List<AuditRecord> records = new ArrayList<>();
        for (int i = 1; i <= 5000; i++) {
            Instant time = START.plusSeconds(i <= 2500 ? i : i - 3600);
            records.add(
                    new AuditRecord.CommandEntered(
                            time,
                            Records.context("alice", "s1", "web1"),
                            i,
                            SessionKind.EXEC,
                            "",
                            "command " + i));
        }
        store.log().appendAll(records).get(30, SECONDS);
        assertThat(store.awaitReadable(Duration.ofSeconds(30))).isTrue();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<Long> seqs(@Nullable Instant since, @Nullable Instant until) {
        List<Long> seqs = new ArrayList<>();
        store.reader()
                .commands(
                        new Query(null, null, null, null, since, until, null, 0),
                        row -> seqs.add(row.record().seq()));
        return seqs;
    }

    @Test
    void aClockThatWasSetBackHidesNothing() {
        assertThat(seqs(START.plusSeconds(1390), START.plusSeconds(1401)))
                .containsExactly(
                        1390L, 1391L, 1392L, 1393L, 1394L, 1395L, 1396L, 1397L, 1398L, 1399L, 1400L,
                        4990L, 4991L, 4992L, 4993L, 4994L, 4995L, 4996L, 4997L, 4998L, 4999L,
                        5000L);
        assertThat(seqs(null, START.plusSeconds(-1097))).containsExactly(2501L, 2502L);
        assertThat(seqs(START.plusSeconds(2499), null)).containsExactly(2499L, 2500L);
    }

    @Test
    void aSpanHoldsAboutAThousandEntries() throws Exception {
        try (var database = AuditDatabase.open(copied())) {
            Range few =
                    TimeSpans.entries(
                            database.dataSource(),
                            START.plusSeconds(2400),
                            START.plusSeconds(2410));
            assertThat(few.last() - few.first()).isLessThan(2L * TimeSpans.ENTRIES);
            assertThat(few.first()).isLessThanOrEqualTo(2400);
            assertThat(few.last()).isGreaterThanOrEqualTo(2409);
            assertThat(TimeSpans.entries(database.dataSource(), START.plusSeconds(9000), null))
                    .isEqualTo(new Range(1, 0));
        }
    }

    /** The database's folder, after it was closed. */
    private Path copied() {
        store.close();
        return folder.resolve("db");
    }
}
