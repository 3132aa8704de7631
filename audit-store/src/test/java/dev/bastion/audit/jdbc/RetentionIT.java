package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditLogException;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A signed ledger of segments of 8 KiB with 100 commands, of alice (web1) and then of bob (web2),
 * its database and two recordings; the clock is moved.
 */
final class RetentionIT {

    private static final RetentionOptions THIRTY_DAYS =
            new RetentionOptions(Duration.ofDays(30), null, Duration.ofDays(30), null);

    @TempDir private Path folder;
    private Instant now = Records.NOON;
    private final InstantSource clock = () -> now;

    private Path ledger() {
        return folder.resolve("ledger");
    }

    private AuditStore open() {
        return AuditStore.open(
                ledger(),
                folder.resolve("db"),
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
                        folder.resolve("recordings"),
                        List.of()));
    }

    private void fill(AuditStore store) throws Exception {
        for (int day = 0; day < 100; day++) {
            now = Records.NOON.plus(Duration.ofDays(day));
            boolean first = day < 50;
            store.log()
                    .append(
                            new AuditRecord.CommandEntered(
                                    now,
                                    first
                                            ? Records.context("alice", "s1", "web1")
                                            : Records.context("bob", "s2", "web2"),
                                    day + 1,
                                    SessionKind.SHELL,
                                    "command " + day,
                                    "command " + day))
                    .get(10, SECONDS);
            if (day % 10 == 9) {
                store.evidence().checkpoints().signNow();
            }
        }
    }

    private static List<String> commands(AuditStore store) {
        List<String> found = new ArrayList<>();
        store.reader().commands(Query.ALL, row -> found.add(row.record().command()));
        return found;
    }

    private ProofReport prove() throws Exception {
        return new LedgerProof(
                        new FolderEvidence(ledger(), folder.resolve("recordings")),
                        VerifierKey.load(SigningKey.publicFile(folder.resolve("ledger_ed25519"))),
                        entry -> {})
                .run(List.of(), List.of(), () -> Long.MAX_VALUE);
    }

    private void hold(AuditStore store, @Nullable String user) {
        store.evidence()
                .record(
                        new AuditRecord.HoldPlaced(
                                now,
                                "audrey",
                                "192.0.2.9",
                                "auditor",
                                "case-1",
                                "",
                                user == null ? "" : user,
                                "",
                                "",
                                "",
                                "a case"));
    }

    @Test
    void whatIsTooOldGoesWithItsRowsAndTheRestCanBeProvedAndGoneOnWith() throws Exception {
        try (AuditStore store = open()) {
            fill(store);
            long gone = store.evidence().removeOld(THIRTY_DAYS);
            assertThat(gone).isBetween(40L, 71L);
            assertThat(store.ledger().start().position().sequence()).isEqualTo(gone);
            assertThat(commands(store)).hasSize((int) (101 - gone)).doesNotContain("command 0");
            assertThat(store.evidence().verify(entry -> {}).sentence())
                    .startsWith("Entries " + (gone + 1) + " to ");
            assertThat(store.evidence().removeOld(THIRTY_DAYS)).isZero();
            assertThat(store.evidence().verify(entry -> {})).isInstanceOf(ProofReport.Proved.class);
        }
        assertThat(ledger().resolve("0000000001.segment")).doesNotExist();
        assertThat(prove()).isInstanceOf(ProofReport.Proved.class);
        try (AuditStore store = open()) {
            store.log().append(Records.command(500)).get(10, SECONDS);
            assertThat(commands(store)).contains("command 500", "command 99");
        }
        delete(folder.resolve("db"));
        try (AuditStore store = open()) {
            assertThat(commands(store))
                    .contains("command 500", "command 99")
                    .doesNotContain("command 0");
        }
        assertThat(prove()).isInstanceOf(ProofReport.Proved.class);
    }

    private static void delete(Path folder) throws Exception {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void whatWasRemovedIsNotFoundByItsWordsAndTheRestIs() throws Exception {
        try (AuditStore store = open()) {
            fill(store);
            assertThat(found(store)).isPositive();
            assertThat(store.evidence().removeOld(THIRTY_DAYS)).isPositive();
            assertThat(store.words().awaitSearchable(Duration.ofSeconds(30))).isTrue();
            assertThat(found(store)).isEqualTo(commands(store).size());
        }
        try (AuditStore store = open()) {
            assertThat(store.words().awaitSearchable(Duration.ofSeconds(30))).isTrue();
            assertThat(found(store)).isEqualTo(commands(store).size());
        }
        delete(folder.resolve("db"));
        try (AuditStore store = open()) {
            assertThat(store.words().awaitSearchable(Duration.ofSeconds(30))).isTrue();
            assertThat(found(store)).isEqualTo(commands(store).size());
        }
    }

    private static int found(AuditStore store) {
        int[] count = {0};
        store.reader()
                .commands(
                        new Query(
                                null, null, null, null, null, null, null, "command", null, null, 0),
                        row -> count[0]++);
        return count[0];
    }

    @Test
    void whatIsTooMuchGoes() throws Exception {
        try (AuditStore store = open()) {
            fill(store);
            var options = new RetentionOptions(null, 24L << 10, null, null);
            assertThat(store.evidence().removeOld(options)).isPositive();
            try (var files = Files.list(ledger())) {
                assertThat(files.filter(file -> file.toString().endsWith(".segment")).count())
                        .isEqualTo(3);
            }
            assertThat(store.evidence().verify(entry -> {})).isInstanceOf(ProofReport.Proved.class);
        }
    }

    @Test
    void nothingUnderAHoldGoesUntilItIsReleased() throws Exception {
        try (AuditStore store = open()) {
            fill(store);
            hold(store, "alice");
            assertThat(store.evidence().removeOld(THIRTY_DAYS)).isZero();
            assertThat(store.evidence().holds()).hasSize(1);
            store.evidence()
                    .record(
                            new AuditRecord.HoldReleased(
                                    now, "audrey", "192.0.2.9", "case-1", "closed"));
            assertThat(store.evidence().holds()).isEmpty();
            assertThat(store.evidence().removeOld(THIRTY_DAYS)).isPositive();
        }
    }

    @Test
    void aHoldOfSomethingLaterLetsGoWhatIsBeforeIt() throws Exception {
        try (AuditStore store = open()) {
            fill(store);
            hold(store, "bob");
            long gone =
                    store.evidence()
                            .removeOld(new RetentionOptions(Duration.ofDays(1), null, null, null));
            assertThat(gone).isBetween(1L, 51L);
        }
    }

    @Test
    void recordingsGoByAgeAndSizeAndAreMissedByNobody() throws Exception {
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        try (AuditStore store = open()) {
            for (String id : List.of("s1", "s2", "s3", "s4")) {
                var context = Records.context("alice", id, "web1");
                store.log()
                        .append(new AuditRecord.SessionStarted(now, context, SessionKind.SHELL))
                        .get(10, SECONDS);
                Path file = recordings.resolve(id + ".recording");
                Files.writeString(file, "x".repeat(1000));
                Files.setLastModifiedTime(file, FileTime.from(now));
                if (id.equals("s4")) {
                    Files.createFile(recordings.resolve("s4.open"));
                } else if (!id.equals("s3")) {
                    store.log()
                            .append(new AuditRecord.SessionEnded(now, context, "exited", 0, null))
                            .get(10, SECONDS);
                }
                now = now.plus(Duration.ofDays(10));
            }
            var size = new RetentionOptions(null, null, null, 2500L);
            store.evidence().removeOld(size);
            assertThat(recordings.resolve("s1.recording")).doesNotExist();
            assertThat(recordings.resolve("s2.recording")).exists();
            now = now.plus(Duration.ofDays(60));
            hold(store, "alice");
            store.evidence().removeOld(THIRTY_DAYS);
            assertThat(recordings.resolve("s2.recording")).exists();
            store.evidence()
                    .record(
                            new AuditRecord.HoldReleased(
                                    now, "audrey", "192.0.2.9", "case-1", "closed"));
            store.evidence().removeOld(THIRTY_DAYS);
            assertThat(recordings.resolve("s2.recording")).doesNotExist();
            // A kill ended its session, which has no end in the ledger.
            assertThat(recordings.resolve("s3.recording")).doesNotExist();
            // Its hash is not in the ledger yet.
            assertThat(recordings.resolve("s4.recording")).exists();
            assertThat(recordings.resolve("s4.open")).exists();
        }
    }

    @Test
    void aTombstoneThatIsNotSignedOpensNothing() throws Exception {
        try (AuditStore store = open()) {
            fill(store);
            assertThat(store.evidence().removeOld(THIRTY_DAYS)).isPositive();
        }
        Path removed = ledger().resolve("removed");
        String text = Files.readString(removed);
        Files.writeString(removed, text.replace("segments ", "segments 1"), StandardCharsets.UTF_8);
        assertThatThrownBy(this::open)
                .isInstanceOf(AuditLogException.class)
                .hasMessageContaining("cannot be believed");
        assertThat(prove().sentence()).contains("Entry 1 is bad").contains("cannot be believed");
        Files.delete(removed);
        assertThat(prove().toString()).contains("The segment is missing");
        assertThatThrownBy(this::open).isInstanceOf(AuditLogException.class);
    }
}
