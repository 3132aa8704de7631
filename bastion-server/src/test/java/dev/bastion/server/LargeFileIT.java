package dev.bastion.server;

import static dev.bastion.server.SftpScene.sha256;
import static dev.bastion.server.SftpScene.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A file of 1 GiB, most of it a hole, there and back again. */
@TestInstance(Lifecycle.PER_CLASS)
final class LargeFileIT {

    private static final long BYTES = 1L << 30;
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final RunningBastion bastion;
    private final Path file;
    private final String hash;

    LargeFileIT(@TempDir Path folder) throws Exception {
        bastion = RunningBastion.start(folder);
        file = folder.resolve("file");
        fill(file);
        hash = sha256(file);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void isTheSameOnBothSidesAndInTheRecords(@TempDir Path folder) throws Exception {
        Path there = folder.resolve("there");
        Path back = folder.resolve("back");
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of("-b", "-", "alice+web1@127.0.0.1"));
        String batch = "put %s %s\nget %2$s %s\n".formatted(file, there, back);
        succeeds(
                SshClient.runProgram(
                        "sftp", words, batch.getBytes(StandardCharsets.US_ASCII), LIMIT));

        assertThat(sha256(there)).isEqualTo(hash);
        assertThat(sha256(back)).isEqualTo(hash);
        List<JsonNode> records =
                bastion.awaitAudit(rows -> rows.size() == 4, "files", "--path", "there");
        assertIsInRecords(records.get(1), records.get(3));
    }

    @Test
    void isTheSameByTheOldScp(@TempDir Path folder) throws Exception {
        Path there = folder.resolve("old");
        Path back = folder.resolve("back");
        String remote = "alice+web1@127.0.0.1:" + there;
        oldScp(file.toString(), remote);
        oldScp(remote, back.toString());

        assertThat(Files.mismatch(there, file)).isEqualTo(-1);
        assertThat(Files.mismatch(back, file)).isEqualTo(-1);
        assertIsInRecords(
                bastion.awaitAudit(rows -> rows.size() == 2, "files", "--path", there.toString())
                        .toArray(JsonNode[]::new));
    }

    private void oldScp(String from, String to) {
        List<String> words = new ArrayList<>(List.of("-O"));
        words.addAll(bastion.options("alice"));
        words.addAll(List.of(from, to));
        succeeds(SshClient.runProgram("scp", words, new byte[0], LIMIT));
    }

    private void assertIsInRecords(JsonNode... records) {
        for (JsonNode record : records) {
            assertThat(record.get("bytes").asLong()).isEqualTo(BYTES);
            assertThat(record.get("sha256").asString()).isEqualTo(hash);
        }
    }

    /** Both ways at once, through the pipes of a command. */
    @Test
    void isTheSameThroughACommand(@TempDir Path folder) throws Exception {
        Path back = folder.resolve("piped");
        List<String> words = new ArrayList<>(List.of("-c", "exec ssh \"$@\" < $0 > " + back));
        words.add(file.toString());
        words.addAll(bastion.ssh("alice+web1", "cat"));
        succeeds(SshClient.runProgram("sh", words, new byte[0], LIMIT));

        assertThat(Files.mismatch(back, file)).isEqualTo(-1);
        bastion.awaitAudit(
                rows -> rows.size() == 1 && rows.getFirst().path("exit").asInt(-1) == 0,
                "commands",
                "--grep",
                "cat");
    }

    private static void fill(Path file) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(BYTES);
            for (long at : List.of(0L, BYTES / 3, BYTES - 5)) {
                sparse.seek(at);
                sparse.writeBytes("piece");
            }
        }
    }
}
