package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a kill between two steps of retention leaves, made of the files before it and after it: a
 * ledger of segments of 8 KiB with 100 commands, one a day, of alice (s1, web1) and then of bob
 * (s2, web2).
 */
final class KilledRetentionIT {

    private static final RetentionOptions THIRTY_DAYS =
            new RetentionOptions(Duration.ofDays(30), null, Duration.ofDays(30), null);

    @TempDir private Path folder;
    private Instant now = Records.NOON;
    private final InstantSource clock = () -> now;

    private AuditStore open(Path place) {
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

    private void fill(AuditStore store) throws Exception {
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

    private static List<String> commands(AuditStore store) {
        List<String> found = new ArrayList<>();
        store.reader().commands(Query.ALL, row -> found.add(row.record().command()));
        return found;
    }

    private ProofReport prove(Path place) throws Exception {
        return new LedgerProof(
                        new FolderEvidence(place.resolve("ledger"), place.resolve("recordings")),
                        VerifierKey.load(SigningKey.publicFile(folder.resolve("ledger_ed25519"))),
                        entry -> {})
                .run(List.of(), List.of(), () -> Long.MAX_VALUE);
    }

    private static void copy(Path from, Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static List<String> segments(Path place) throws Exception {
        try (var files = Files.list(place.resolve("ledger"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".segment"))
                    .sorted()
                    .toList();
        }
    }

    private void hold(
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

    private void release(AuditStore store) {
        store.evidence()
                .record(new AuditRecord.HoldReleased(now, "audrey", "::1", "case-1", "closed"));
    }

    @Test
    void whateverAKillLeftAfterTheTombstoneIsFinishedByTheNextStart() throws Exception {
        Path before = folder.resolve("before");
        Path after = folder.resolve("after");
        try (AuditStore store = open(before)) {
            fill(store);
            hold(store, "", "bob", "", "", "");
        }
        copy(before, after);
        long gone;
        List<String> left;
        try (AuditStore store = open(after)) {
            gone = store.evidence().removeOld(THIRTY_DAYS);
            left = commands(store);
        }
        assertThat(gone).isBetween(10L, 51L);
        assertThat(left).contains("command 50", "command 99").doesNotContain("command 0");
        List<String> removed = new ArrayList<>(segments(before));
        removed.removeAll(segments(after));
        assertThat(removed).hasSizeGreaterThan(1);
        for (int deleted : new int[] {0, 1, removed.size()}) {
            for (boolean cut : deleted == 0 ? new boolean[] {false, true} : new boolean[] {true}) {
                Path killed = folder.resolve("killed-" + deleted + cut);
                copy(after, killed);
                copy(before.resolve("db"), killed.resolve("db"));
                for (String name : removed.subList(deleted, removed.size())) {
                    Files.copy(
                            before.resolve("ledger").resolve(name),
                            killed.resolve("ledger").resolve(name));
                }
                if (!cut) {
                    uncut(before, killed);
                }
                assertThat(prove(killed))
                        .as("%d segments deleted, checkpoints cut: %s", deleted, cut)
                        .isInstanceOf(ProofReport.Proved.class);
                try (AuditStore store = open(killed)) {
                    assertThat(commands(store)).containsExactlyInAnyOrderElementsOf(left);
                    assertThat(store.evidence().holds()).hasSize(1);
                    assertThat(segments(killed)).doesNotContainAnyElementsOf(removed);
                    assertThat(store.evidence().verify(entry -> {}))
                            .isInstanceOf(ProofReport.Proved.class);
                    assertThat(store.evidence().removeOld(THIRTY_DAYS)).isZero();
                }
                assertThat(prove(killed)).isInstanceOf(ProofReport.Proved.class);
            }
        }
    }

    /** Puts the checkpoints back that went. */
    private static void uncut(Path before, Path killed) throws Exception {
        String old = Files.readString(before.resolve("ledger/checkpoints"));
        Path file = killed.resolve("ledger/checkpoints");
        String kept = Files.readString(file);
        int shared = old.indexOf(kept.substring(0, kept.indexOf("\n\n")));
        assertThat(shared).isPositive();
        Files.writeString(file, old.substring(0, shared) + kept);
    }

    @Test
    void aKillBeforeTheTombstoneLeavesAllAsItWas() throws Exception {
        Path place = folder.resolve("a");
        try (AuditStore store = open(place)) {
            fill(store);
            store.evidence()
                    .record(new AuditRecord.EntriesRemoved(now, 1, 40, "00".repeat(32), "old"));
        }
        assertThat(prove(place)).isInstanceOf(ProofReport.Proved.class);
        try (AuditStore store = open(place)) {
            assertThat(commands(store)).hasSize(100);
            assertThat(store.evidence().removeOld(THIRTY_DAYS)).isPositive();
        }
        assertThat(prove(place)).isInstanceOf(ProofReport.Proved.class);
    }

    @Test
    void aKillBeforeARecordingIsDeletedLeavesItForTheNextTime() throws Exception {
        Path place = folder.resolve("a");
        Path file = place.resolve("recordings/s1.recording");
        try (AuditStore store = open(place)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(now));
            store.log().append(Records.command(1)).get(10, SECONDS);
            store.evidence()
                    .record(
                            new AuditRecord.RecordingRemoved(
                                    now,
                                    new dev.bastion.audit.SessionId("s1"),
                                    "s1.recording",
                                    "00",
                                    "old"));
        }
        now = now.plus(Duration.ofDays(31));
        try (AuditStore store = open(place)) {
            store.evidence().removeOld(THIRTY_DAYS);
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void aHoldKeepsWhatAllOfItsConditionsMeanAndNoMore() throws Exception {
        Path place = folder.resolve("a");
        Instant first = Records.NOON;
        String day20 = first.plus(Duration.ofDays(20)).toString();
        String day25 = first.plus(Duration.ofDays(25)).toString();
        try (AuditStore store = open(place)) {
            fill(store);
            List<List<String>> holdingFromTheFirst =
                    List.of(
                            List.of("s1", "", "", "", ""),
                            List.of("", "alice", "", "", ""),
                            List.of("", "", "web1", "", ""),
                            List.of("", "", "", "", day25),
                            List.of("", "", "", first.toString(), ""),
                            List.of("s1", "alice", "web1", first.toString(), day25));
            for (List<String> of : holdingFromTheFirst) {
                hold(store, of.get(0), of.get(1), of.get(2), of.get(3), of.get(4));
                assertThat(store.evidence().removeOld(THIRTY_DAYS)).as("%s", of).isZero();
                release(store);
            }
            hold(store, "", "", "", day20, day25);
            assertThat(store.evidence().removeOld(THIRTY_DAYS)).isBetween(1L, 21L);
            assertThat(commands(store)).contains("command 20", "command 24");
            release(store);
            for (List<String> of :
                    List.of(
                            List.of("s2", "", ""),
                            List.of("", "bob", ""),
                            List.of("", "", "web2"))) {
                hold(store, of.get(0), of.get(1), of.get(2), "", "");
                store.evidence().removeOld(THIRTY_DAYS);
                assertThat(commands(store)).as("%s", of).contains("command 50");
                release(store);
            }
            hold(store, "s1", "bob", "", "", "");
            assertThat(store.evidence().removeOld(THIRTY_DAYS)).isPositive();
            assertThat(commands(store)).doesNotContain("command 50").contains("command 99");
        }
        assertThat(prove(place)).isInstanceOf(ProofReport.Proved.class);
    }
}
