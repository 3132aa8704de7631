package dev.bastion.audit.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that are, and are not, what the entries of a ledger say. */
final class RecordingCheckTest {

    @TempDir private Path folder;

    @Test
    void recordingsAreComparedWithTheirEntries() throws Exception {
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        Files.writeString(recordings.resolve("s1"), "hello");
        Files.writeString(recordings.resolve("s2"), "world");
        var evidence = new FolderEvidence(folder, recordings);
        String hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assertThat(check(evidence, "s1", 5, hello)).isEmpty();
        assertThat(check(evidence, "s2", 5, hello)).contains("not the one whose SHA-256");
        assertThat(check(evidence, "s1", 6, hello)).contains("has 5 bytes and not 6");
        assertThat(check(evidence, "s3", 5, hello)).contains("s3 is missing");
        assertThat(check(evidence, "../recordings/s1", 5, hello)).contains("is missing");
        var removed = new RecordingCheck(evidence, Set.of("s1", "s2"));
        removed.entry(7, recording("s3", 5, hello));
        removed.entry(8, "{\"type\":\"recording-removed\",\"file\":\"s3\"}".getBytes(UTF_8));
        assertThat(removed.findings()).isEmpty();
    }

    @Test
    void aRecordingThatNoEntryNamesYetIsWalkedAndBelongsToItsSession() throws Exception {
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        Files.writeString(recordings.resolve("s1.recording"), "no recording at all".repeat(9));
        Files.writeString(recordings.resolve("s2.recording"), "likewise".repeat(9));
        Files.writeString(recordings.resolve("s2.open"), "");
        Files.writeString(recordings.resolve("s3.recording"), "");
        var evidence = new FolderEvidence(folder, recordings);
        var check = new RecordingCheck(evidence, evidence.recordings().orElseThrow());
        check.entry(5, "{\"type\":\"session-start\",\"session\":\"s2\"}".getBytes(UTF_8));
        check.entry(6, recording("s1.recording", 171, "x"));
        assertThat(check.unnamed(9))
                .containsExactly(
                        new Finding(
                                5,
                                "the recording s2.recording, whose hash no entry has, is damaged:"
                                        + " the file is not a recording."));
        var unknown = new RecordingCheck(evidence, Set.of("s1.recording", "gone.recording"));
        assertThat(unknown.unnamed(9)).singleElement().extracting(Finding::entry).isEqualTo(9L);
    }

    private static byte[] recording(String file, int bytes, String sha256) {
        return "{\"type\":\"recording\",\"time\":\"x\",\"file\":\"%s\",\"bytes\":%d,\"sha256\":\"%s\"}"
                .formatted(file, bytes, sha256)
                .getBytes(UTF_8);
    }

    private static String check(FolderEvidence evidence, String file, int bytes, String sha256)
            throws IOException {
        Optional<Set<String>> there = evidence.recordings();
        var check = new RecordingCheck(evidence, there.orElseThrow());
        check.entry(7, recording(file, bytes, sha256));
        return String.join(" ", check.findings().stream().map(Finding::sentence).toList());
    }
}
