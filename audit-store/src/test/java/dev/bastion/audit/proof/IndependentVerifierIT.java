package dev.bastion.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.ledger.LedgerFiles;
import dev.bastion.audit.ledger.LedgerStart;
import dev.bastion.audit.ledger.OldestSegments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The verifier in Python, which was written from docs/ledger.md alone, comes to the same: sound, or
 * the same first bad entry.
 */
final class IndependentVerifierIT {

    private static final Path SCRIPT = Path.of("src/test/python/verify_ledger.py");

    @TempDir private Path folder;

    static Stream<Arguments> damages() {
        return LedgerProofTest.damages();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void namesTheSameEntry(String name, LedgerProofTest.Damage damage, long entry, String said)
            throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        damage.to(ledger);
        var report = (ProofReport.Disproved) ledger.prove(ledger.publicKey(), List.of());
        assertThat(python(ledger, ledger.publicKey()))
                .as("%s: %s", name, report)
                .startsWith("bad " + report.findings().getFirst().entry() + " ");
        assertThat(entry).isNotZero();
        assertThat(said).isNotEmpty();
    }

    @Test
    void findsAGoodLedgerSoundAlsoAfterAChangeOfKeys() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        assertThat(python(ledger, ledger.publicKey())).isEqualTo("ok 65");
        Path first = Files.copy(ledger.publicKey(), folder.resolve("first.pub"));
        try (var opened = ledger.open()) {
            Checkpoints checkpoints = ledger.start(opened, List.of());
            checkpoints.rotate("adam", "local");
            checkpoints.signNow();
            checkpoints.abandon();
        }
        assertThat(python(ledger, first)).isEqualTo("ok 66");
        assertThat(python(ledger, ledger.publicKey())).isEqualTo("ok 66");
    }

    /**
     * What happens to the recordings that entries 66 to 70 are about, and the entry that is bad.
     */
    @ParameterizedTest
    @CsvSource({
        "nothing, 0",
        "altered, 66",
        "longer, 66",
        "missing, 66",
        "removed, 0",
        "unnamed, 69",
        "unfinished, 0"
    })
    void comparesRecordings(String what, long bad) throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        Path recordings = Files.createDirectories(folder.resolve("a/recordings"));
        Path named = Files.writeString(recordings.resolve("s2.recording"), "as it was");
        Path other = recordings.resolve("s3.recording");
        var context = Records.context("alice", "s2", "web1");
        String hash = new FolderEvidence(ledger.ledger, recordings).sha256("s2.recording");
        List<AuditRecord> records =
                List.of(
                        new AuditRecord.RecordingClosed(
                                Records.NOON, context, "s2.recording", 9, hash, true),
                        Records.command(67),
                        Records.command(68),
                        new AuditRecord.SessionStarted(
                                Records.NOON,
                                Records.context("bob", "s3", "web1"),
                                SessionKind.SHELL),
                        new AuditRecord.RecordingRemoved(
                                Records.NOON,
                                new SessionId(what.equals("removed") ? "s2" : "s9"),
                                what.equals("removed") ? "s2.recording" : "s9.recording",
                                hash,
                                "old"));
        try (var opened = ledger.open()) {
            opened.appendAll(records).join();
        }
        switch (what) {
            case "altered" -> Files.writeString(named, "as it is.");
            case "longer" -> Files.writeString(named, "as it was.");
            case "missing", "removed" -> Files.delete(named);
            case "unnamed" -> Files.writeString(other, "BASTRECO and then nothing".repeat(9));
            case "unfinished" -> Files.writeString(other, "BASTRECO");
            default -> {}
        }
        ProofReport report = ledger.prove(ledger.publicKey(), List.of());
        String said = python(ledger, ledger.publicKey(), "-", recordings.toString());
        if (bad == 0) {
            assertThat(report).as("%s", report).isInstanceOf(ProofReport.Proved.class);
            assertThat(said).isEqualTo("ok 70");
        } else {
            assertThat(((ProofReport.Disproved) report).findings().getFirst().entry())
                    .isEqualTo(bad);
            assertThat(said).isEqualTo("bad " + bad + " recording");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes", "json", "log"})
    void whatWasCutOffIsKnownByACheckpointThatWasKept(String form) throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        Path kept = folder.resolve("kept");
        String all = Files.readString(ledger.file("checkpoints"));
        List<Notes.Entry> entries =
                Notes.parse(Files.readAllBytes(ledger.file("checkpoints"))).entries();
        String lines =
                String.join(
                        "\n",
                        entries.stream()
                                .map(each -> Checkpoint.of(((Notes.Entry.Legible) each).note()))
                                .map(each ->
                                        (form.equals("log") ? "12:00 INFO " : "") + each.line())
                                .toList());
        Files.writeString(kept, form.equals("notes") ? all : lines + "\n");
        assertThat(python(ledger, ledger.publicKey(), kept.toString())).isEqualTo("ok 65");
        // The last checkpoint and all that it speaks for beyond the one before.
        int last = all.lastIndexOf("bastion-ledger/", all.lastIndexOf("\n\n\u2014"));
        Files.writeString(ledger.file("checkpoints"), all.substring(0, last));
        ProofReport report = ledger.prove(ledger.publicKey(), KeptCheckpoints.read(kept));
        long bad = ((ProofReport.Disproved) report).findings().getFirst().entry();
        assertThat(bad).isEqualTo(51);
        assertThat(python(ledger, ledger.publicKey(), kept.toString())).isEqualTo("bad 51 kept");
    }

    @Test
    void beginsAfterWhatWasRemoved() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        try (var opened = ledger.open()) {
            Checkpoints checkpoints = ledger.start(opened, List.of());
            var oldest = new OldestSegments(LedgerFiles.in(ledger.ledger), opened.start());
            LedgerStart start = oldest.next((sequence, payload) -> {}).end();
            checkpoints.bury(ledger.ledger, 1, start, "old");
            assertThat(python(ledger, ledger.publicKey())).isEqualTo("ok 65");
            opened.remove(start);
            checkpoints.abandon();
        }
        assertThat(ledger.segment(1)).doesNotExist();
        assertThat(python(ledger, ledger.publicKey())).isEqualTo("ok 65");
        String removed = Files.readString(ledger.file("removed"));
        Files.writeString(ledger.file("removed"), removed.replace("reason old", "reason new"));
        assertThat(python(ledger, ledger.publicKey())).startsWith("bad 1 ");
    }

    private static String python(SignedLedger ledger, Path key, String... more)
            throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "/usr/bin/python3",
                                SCRIPT.toString(),
                                key.toString(),
                                ledger.ledger.toString()));
        words.addAll(List.of(more));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }
}
