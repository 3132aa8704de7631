package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.proof.ProofReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A signed ledger of segments of 8 KiB with 100 commands, of alice (web1) and then of bob (web2),
 * its database and two recordings; the clock is moved.
 */
final class RetentionIT {

    private final Path folder;
    private final RetentionScene scene;

    RetentionIT(@TempDir Path folder) {
        this.folder = folder;
        scene = new RetentionScene(folder);
    }

    private Path ledger() {
        return folder.resolve("ledger");
    }

    @Test
    void whatIsTooOldGoesWithItsRowsAndTheRestCanBeProvedAndGoneOnWith() throws Exception {
        try (AuditStore store = scene.open(folder)) {
            scene.fill(store);
            long gone = store.evidence().removeOld(RetentionScene.THIRTY_DAYS);
            assertThat(gone).isBetween(40L, 71L);
            assertThat(store.ledger().start().position().sequence()).isEqualTo(gone);
            assertThat(RetentionScene.commands(store))
                    .hasSize((int) (101 - gone))
                    .doesNotContain("command 0");
            assertThat(store.evidence().verify(entry -> {}).sentence())
                    .startsWith("Entries " + (gone + 1) + " to ");
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isZero();
            assertThat(store.evidence().verify(entry -> {})).isInstanceOf(ProofReport.Proved.class);
        }
        assertThat(ledger().resolve("0000000001.segment")).doesNotExist();
        assertThat(scene.prove(folder)).isInstanceOf(ProofReport.Proved.class);
        try (AuditStore store = scene.open(folder)) {
            store.log().append(Records.command(500)).get(10, SECONDS);
            assertThat(RetentionScene.commands(store)).contains("command 500", "command 99");
        }
        delete(folder.resolve("db"));
        try (AuditStore store = scene.open(folder)) {
            assertThat(RetentionScene.commands(store))
                    .contains("command 500", "command 99")
                    .doesNotContain("command 0");
        }
        assertThat(scene.prove(folder)).isInstanceOf(ProofReport.Proved.class);
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
        try (AuditStore store = scene.open(folder)) {
            scene.fill(store);
            assertThat(found(store)).isPositive();
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isPositive();
            assertThat(store.words().awaitSearchable(Duration.ofSeconds(30))).isTrue();
            assertThat(found(store)).isEqualTo(RetentionScene.commands(store).size());
        }
        try (AuditStore store = scene.open(folder)) {
            assertThat(store.words().awaitSearchable(Duration.ofSeconds(30))).isTrue();
            assertThat(found(store)).isEqualTo(RetentionScene.commands(store).size());
        }
        delete(folder.resolve("db"));
        try (AuditStore store = scene.open(folder)) {
            assertThat(store.words().awaitSearchable(Duration.ofSeconds(30))).isTrue();
            assertThat(found(store)).isEqualTo(RetentionScene.commands(store).size());
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
        try (AuditStore store = scene.open(folder)) {
            scene.fill(store);
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
        try (AuditStore store = scene.open(folder)) {
            scene.fill(store);
            scene.hold(store, "", "alice", "", "", "");
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isZero();
            assertThat(store.evidence().holds()).hasSize(1);
            scene.release(store);
            assertThat(store.evidence().holds()).isEmpty();
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isPositive();
        }
    }

    @Test
    void aHoldOfSomethingLaterLetsGoWhatIsBeforeIt() throws Exception {
        try (AuditStore store = scene.open(folder)) {
            scene.fill(store);
            scene.hold(store, "", "bob", "", "", "");
            long gone =
                    store.evidence()
                            .removeOld(new RetentionOptions(Duration.ofDays(1), null, null, null));
            assertThat(gone).isBetween(1L, 51L);
        }
    }

    @Test
    void recordingsGoByAgeAndSizeAndAreMissedByNobody() throws Exception {
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        try (AuditStore store = scene.open(folder)) {
            for (String id : List.of("s1", "s2", "s3", "s4")) {
                var context = Records.context("alice", id, "web1");
                store.log()
                        .append(
                                new AuditRecord.SessionStarted(
                                        scene.now, context, SessionKind.SHELL))
                        .get(10, SECONDS);
                Path file = recordings.resolve(id + ".recording");
                Files.writeString(file, "x".repeat(1000));
                Files.setLastModifiedTime(file, FileTime.from(scene.now));
                if (id.equals("s4")) {
                    Files.createFile(recordings.resolve("s4.open"));
                } else if (!id.equals("s3")) {
                    store.log()
                            .append(
                                    new AuditRecord.SessionEnded(
                                            scene.now, context, "exited", 0, null))
                            .get(10, SECONDS);
                }
                scene.now = scene.now.plus(Duration.ofDays(10));
            }
            var size = new RetentionOptions(null, null, null, 2500L);
            store.evidence().removeOld(size);
            assertThat(recordings.resolve("s1.recording")).doesNotExist();
            assertThat(recordings.resolve("s2.recording")).exists();
            scene.now = scene.now.plus(Duration.ofDays(60));
            scene.hold(store, "", "alice", "", "", "");
            store.evidence().removeOld(RetentionScene.THIRTY_DAYS);
            assertThat(recordings.resolve("s2.recording")).exists();
            scene.release(store);
            store.evidence().removeOld(RetentionScene.THIRTY_DAYS);
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
        try (AuditStore store = scene.open(folder)) {
            scene.fill(store);
            assertThat(store.evidence().removeOld(RetentionScene.THIRTY_DAYS)).isPositive();
        }
        Path removed = ledger().resolve("removed");
        String text = Files.readString(removed);
        Files.writeString(removed, text.replace("segments ", "segments 1"), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> scene.open(folder))
                .isInstanceOf(AuditLogException.class)
                .hasMessageContaining("cannot be believed");
        assertThat(scene.prove(folder).sentence())
                .contains("Entry 1 is bad")
                .contains("cannot be believed");
        Files.delete(removed);
        assertThat(scene.prove(folder).toString()).contains("The segment is missing");
        assertThatThrownBy(() -> scene.open(folder)).isInstanceOf(AuditLogException.class);
    }
}
