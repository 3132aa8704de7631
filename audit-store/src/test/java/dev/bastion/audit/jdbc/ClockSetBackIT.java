package dev.bastion.audit.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.audit.ledger.LedgerVerifier;
import dev.bastion.audit.ledger.VerifyResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clock is set back by a day in the middle: the order is that of the entries, not of times. */
@Timeout(60)
final class ClockSetBackIT {

    @TempDir private Path folder;

    @Test
    void entriesStayInOrderAndKeepTheTimesThatTheClockShowed() throws Exception {
        var clock = new AtomicReference<Instant>(Instant.parse("2026-03-02T12:00:00Z"));
        try (AuditStore store =
                AuditStore.open(folder.resolve("ledger"), folder.resolve("db"), clock::get)) {
            append(store, clock, 1, 50);
            clock.set(clock.get().minus(Duration.ofDays(1)));
            append(store, clock, 51, 100);
            assertThat(store.awaitReadable(Duration.ofSeconds(30))).isTrue();
            List<Long> listed = new ArrayList<>();
            store.reader().commands(Query.ALL, row -> listed.add(row.entry().value()));
            assertThat(listed).isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        }
        assertThat(LedgerVerifier.verify(folder.resolve("ledger")))
                .isInstanceOf(VerifyResult.Sound.class);
        List<Instant> times = new ArrayList<>();
        try (LedgerReader reader =
                LedgerReader.open(folder.resolve("ledger"), new SequenceNumber(1))) {
            for (var e = reader.next(); e.isPresent(); e = reader.next()) {
                times.add(e.get().written());
            }
        }
        assertThat(times.subList(0, 50)).containsOnly(Instant.parse("2026-03-02T12:00:00Z"));
        assertThat(times.subList(50, 100)).containsOnly(Instant.parse("2026-03-01T12:00:00Z"));
    }

    private static void append(
            AuditStore store, AtomicReference<Instant> clock, long from, long to) {
        for (long i = from; i <= to; i++) {
            var at = Records.command(i);
            store.log()
                    .append(
                            new AuditRecord.CommandEntered(
                                    clock.get(),
                                    at.context(),
                                    i,
                                    at.kind(),
                                    at.keystrokes(),
                                    at.command()))
                    .join();
        }
    }
}
