package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.proof.ProofReport;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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

    private final Path folder;
    private final RetentionScene scene;

    KilledRetentionIT(@TempDir Path folder) {
        this.folder = folder;
        scene = new RetentionScene(folder);
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

    @Test
    void whateverAKillLeftAfterTheTombstoneIsFinishedByTheNextStart() throws Exception {
        Path before = folder.resolve("before");
        Path after = folder.resolve("after");
        try (AuditStore store = scene.open(before)) {
            scene.fill(store);
            scene.hold(store, "", "bob", "", "", "");
        }
        copy(before, after);
        long gone;
        List<String> left;
        try (AuditStore store = scene.open(after)) {
            gone = store.evidence().removeOld(RetentionScene.THIRTY_DAYS);
            left = RetentionScene.commands(store);
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
                assertThat(scene.prove(killed))
                        .as("%d segments deleted, checkpoints cut: %s", deleted, cut)
                        .isInstanceOf(ProofReport.Proved.class);
                try (AuditStore store = scene.open(killed)) {
                    assertThat(RetentionScene.commands(store))
                            .containsExactlyInAnyOrderElementsOf(left);
                    assertThat(store.evidence().holds()).hasSize(1);
                    assertThat(segments(killed)).doesNotContainAnyElementsOf(removed);
                    assertThat(store.evidence().verify(entry -> {}))
                            .isInstanceOf(ProofReport.Proved.class);
                    assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isZero();
                }
                assertThat(scene.prove(killed)).isInstanceOf(ProofReport.Proved.class);
            }
        }
    }

    @Test
    void rowsThatAKillLeftGoAlsoWhenTheDatabaseIsAwayAtTheNextStart() throws Exception {
        Path before = folder.resolve("before");
        Path killed = folder.resolve("killed");
        try (AuditStore store = scene.open(before)) {
            scene.fill(store);
        }
        copy(before, killed);
        List<String> left;
        try (AuditStore store = scene.open(killed)) {
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isPositive();
            left = RetentionScene.commands(store);
        }
        assertThat(left).contains("command 99").doesNotContain("command 0");
        copy(before.resolve("db"), killed.resolve("db"));
        try (FileChannel file =
                        FileChannel.open(
                                killed.resolve("db/audit.mv.db"), StandardOpenOption.WRITE);
                var lock = file.lock();
                AuditStore store = scene.open(killed)) {
            assertThatThrownBy(() -> RetentionScene.commands(store))
                    .hasMessageContaining("in use by another process");
            lock.release();
            assertThat(store.awaitReadable(Duration.ofSeconds(30))).isTrue();
            assertThat(RetentionScene.commands(store)).containsExactlyInAnyOrderElementsOf(left);
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
        try (AuditStore store = scene.open(place)) {
            scene.fill(store);
            store.evidence()
                    .record(
                            new AuditRecord.EntriesRemoved(
                                    scene.now, 1, 40, "00".repeat(32), "old"));
        }
        assertThat(scene.prove(place)).isInstanceOf(ProofReport.Proved.class);
        try (AuditStore store = scene.open(place)) {
            assertThat(RetentionScene.commands(store)).hasSize(100);
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isPositive();
        }
        assertThat(scene.prove(place)).isInstanceOf(ProofReport.Proved.class);
    }

    @Test
    void aKillBeforeARecordingIsDeletedLeavesItForTheNextTime() throws Exception {
        Path place = folder.resolve("a");
        Path file = place.resolve("recordings/s1.recording");
        try (AuditStore store = scene.open(place)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
            Files.setLastModifiedTime(file, FileTime.from(scene.now));
            store.log().append(Records.command(1)).get(10, SECONDS);
            store.evidence()
                    .record(
                            new AuditRecord.RecordingRemoved(
                                    scene.now, new SessionId("s1"), "s1.recording", "00", "old"));
        }
        scene.now = scene.now.plus(Duration.ofDays(31));
        try (AuditStore store = scene.open(place)) {
            store.evidence().removeOld(RetentionScene.THIRTY_DAYS);
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void aHoldKeepsWhatAllOfItsConditionsMeanAndNoMore() throws Exception {
        Path place = folder.resolve("a");
        Instant first = Records.NOON;
        String day20 = first.plus(Duration.ofDays(20)).toString();
        String day25 = first.plus(Duration.ofDays(25)).toString();
        try (AuditStore store = scene.open(place)) {
            scene.fill(store);
            List<List<String>> holdingFromTheFirst =
                    List.of(
                            List.of("s1", "", "", "", ""),
                            List.of("", "alice", "", "", ""),
                            List.of("", "", "web1", "", ""),
                            List.of("", "", "", "", day25),
                            List.of("", "", "", first.toString(), ""),
                            List.of("s1", "alice", "web1", first.toString(), day25));
            for (List<String> of : holdingFromTheFirst) {
                scene.hold(store, of.get(0), of.get(1), of.get(2), of.get(3), of.get(4));
                assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS))
                        .as("%s", of)
                        .isZero();
                scene.release(store);
            }
            scene.hold(store, "", "", "", day20, day25);
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isBetween(1L, 21L);
            assertThat(RetentionScene.commands(store)).contains("command 20", "command 24");
            scene.release(store);
            for (List<String> of :
                    List.of(
                            List.of("s2", "", ""),
                            List.of("", "bob", ""),
                            List.of("", "", "web2"))) {
                scene.hold(store, of.get(0), of.get(1), of.get(2), "", "");
                store.evidence().removeOld(RetentionScene.THIRTY_DAYS);
                assertThat(RetentionScene.commands(store)).as("%s", of).contains("command 50");
                scene.release(store);
            }
            scene.hold(store, "s1", "bob", "", "", "");
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isPositive();
            assertThat(RetentionScene.commands(store))
                    .doesNotContain("command 50")
                    .contains("command 99");
        }
        assertThat(scene.prove(place)).isInstanceOf(ProofReport.Proved.class);
    }
}
