package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.ledger.LedgerOptions;
import dev.bastion.audit.proof.FolderEvidence;
import dev.bastion.audit.proof.LedgerProof;
import dev.bastion.audit.proof.ProofOptions;
import dev.bastion.audit.proof.ProofReport;
import dev.bastion.audit.proof.SigningKey;
import dev.bastion.audit.proof.VerifierKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Signed ledgers of segments of 8 KiB with 100 commands, one a day, of alice (s1, web1) and then of
 * bob (s2, web2), their databases and recordings, and one key for all; the clock is moved.
 */
final class RetentionScene {

    static final RetentionOptions THIRTY_DAYS =
            new RetentionOptions(Duration.ofDays(30), null, Duration.ofDays(30), null);

    private final Path folder;
    Instant now = Records.NOON;
    private final InstantSource clock = () -> now;

    /**
     * @param folder of the key
     */
    RetentionScene(Path folder) {
        this.folder = folder;
    }

    AuditStore open(Path place) {
        return AuditStore.open(
                place.resolve("ledger"),
                place.resolve("db"),
                clock,
                new LedgerOptions(
                        8 << 10,
                        1000,
                        1 << 20,
                        LedgerOptions.DEFAULT_RETRY_INTERVAL,
                        LedgerOptions.DEFAULT_CLOSE_GRACE),
                new ProofOptions(
                        folder.resolve("ledger_ed25519"),
                        "node1",
                        25,
                        Duration.ofHours(1),
                        place.resolve("recordings"),
                        List.of()));
    }

    void fill(AuditStore store) throws Exception {
        List<AuditRecord> records = new ArrayList<>();
        for (int day = 0; day < 100; day++) {
            now = Records.NOON.plus(Duration.ofDays(day));
            boolean first = day < 50;
            records.add(
                    new AuditRecord.CommandEntered(
                            now,
                            first
                                    ? Records.context("alice", "s1", "web1")
                                    : Records.context("bob", "s2", "web2"),
                            day + 1,
                            SessionKind.SHELL,
                            "command " + day,
                            "command " + day));
            if (day % 10 == 9) {
                store.log().appendAll(records).get(10, SECONDS);
                records.clear();
                store.evidence().checkpoints().signNow();
            }
        }
    }

    static List<String> commands(AuditStore store) {
        List<String> found = new ArrayList<>();
        store.reader().commands(Query.ALL, row -> found.add(row.record().command()));
        return found;
    }

    ProofReport prove(Path place) throws Exception {
        return new LedgerProof(
                        new FolderEvidence(place.resolve("ledger"), place.resolve("recordings")),
                        VerifierKey.load(SigningKey.publicFile(folder.resolve("ledger_ed25519"))),
                        entry -> {})
                .run(List.of(), List.of(), () -> Long.MAX_VALUE);
    }

    void hold(
            AuditStore store,
            String session,
            String user,
            String host,
            String since,
            String until) {
        store.evidence()
                .record(
                        new AuditRecord.HoldPlaced(
                                now,
                                "audrey",
                                "192.0.2.9",
                                "auditor",
                                "case-1",
                                session,
                                user,
                                host,
                                since,
                                until,
                                "a case"));
    }

    void release(AuditStore store) {
        store.evidence()
                .record(new AuditRecord.HoldReleased(now, "audrey", "::1", "case-1", "closed"));
    }
}
