package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.ledger.LedgerReader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process that was killed left undecided. */
@Timeout(120)
final class UndecidedLinesIT {

    @TempDir private Path folder;

    private AuditStore open() {
        return AuditStore.open(
                folder.resolve("ledger"), folder.resolve("db"), InstantSource.system());
    }

    @Test
    void linesThatAKilledProcessLeftAreDecidedOnceByWhatTheirEntriesHold() throws Exception {
        var killed = context("killed");
        var ended = context("ended");
        try (AuditStore store = open()) {
            store.log()
                    .appendAll(
                            List.of(
                                    entered(killed, 1, "ls -l", 0.6),
                                    decided(killed, 1),
                                    entered(killed, 2, "rm -rf x", 0.6),
                                    entered(killed, 3, "[not shown yet: 8-15 keys]", 0),
                                    entered(killed, 4, "", 0),
                                    entered(killed, 5, "^C", "rm -rf y", 0.6),
                                    entered(context("unrecorded"), 1, "date", 0.6),
                                    entered(ended, 1, "pwd", 0.6),
                                    new AuditRecord.SessionEnded(
                                            Instant.EPOCH, ended, "exit", 0, null)))
                    .get(10, SECONDS);
        }
        try (AuditStore store = open()) {
            store.log().append(entered(context("later"), 1, "id", 0.6)).get(10, SECONDS);
            assertThat(store.decideLeftOver()).isEqualTo(4);
            assertThat(store.decideLeftOver()).isZero();
            List<String> lines = new ArrayList<>();
            store.reader().commands(Query.ALL, row -> lines.add(line(row)));
            assertThat(lines)
                    .containsExactlyInAnyOrder(
                            "killed COMMAND ls -l both at 1001",
                            "killed COMMAND rm -rf x unjudged at 2000",
                            "killed ABORTED rm -rf y^C unjudged at 5000",
                            "killed NO_ECHO [not echoed: 8-15 keys] sealed-and-unjudged at 3000",
                            "unrecorded COMMAND date unjudged at null",
                            "ended null pwd unjudged at 1000",
                            "later null id unjudged at 1000");
            assertThat(decidedAt(store)).containsExactly(1_001L, 2_000L, 3_000L, 5_000L, null);
        }
    }

    /** Of the records themselves, in the ledger. */
    private static List<@Nullable Long> decidedAt(AuditStore store) throws Exception {
        List<@Nullable Long> at = new ArrayList<>();
        try (LedgerReader reader = store.ledger().read(new SequenceNumber(1))) {
            for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                if (entry.get().record() instanceof AuditRecord.LineDecided line) {
                    at.add(line.at());
                }
            }
        }
        return at;
    }

    private static String line(AuditReader.CommandRow row) {
        return "%s %s %s %s at %s"
                .formatted(
                        row.record().context().session().value(),
                        row.line(),
                        row.record().command(),
                        row.source(),
                        row.at());
    }

    private static SessionContext context(String session) {
        return new SessionContext(
                new ConnectionId("c"), new SessionId(session), "olga", "::1", "web1", "root");
    }

    private static AuditRecord entered(
            SessionContext context, long seq, String command, double confidence) {
        return entered(context, seq, "^M", command, confidence);
    }

    private static AuditRecord entered(
            SessionContext context, long seq, String key, String command, double confidence) {
        return new AuditRecord.LineEntered(
                Instant.EPOCH,
                context,
                seq,
                key,
                command,
                confidence,
                "1-7 keys",
                "",
                "",
                context.session().value().equals("unrecorded") ? null : seq * 1_000);
    }

    private static AuditRecord decided(SessionContext context, long seq) {
        return new AuditRecord.LineDecided(
                Instant.EPOCH,
                context,
                seq,
                LineKind.COMMAND,
                "ls -l",
                "ls -l",
                "both",
                1,
                true,
                "$ ",
                "",
                seq * 1_000 + 1);
    }
}
