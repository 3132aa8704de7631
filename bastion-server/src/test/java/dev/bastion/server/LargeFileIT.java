package dev.bastion.server;

import static dev.bastion.server.SftpScene.sha256;
import static dev.bastion.server.SftpScene.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A file of 1 GiB, most of it a hole, there and back again by SFTP. */
final class LargeFileIT {

    private static final long BYTES = 1L << 30;
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Test
    void isTheSameOnBothSidesAndInTheRecords(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("file");
        Path there = folder.resolve("there");
        Path back = folder.resolve("back");
        fill(file);
        try (RunningBastion bastion = RunningBastion.start(folder)) {
            List<String> words = new ArrayList<>(bastion.options("alice"));
            words.addAll(List.of("-b", "-", "alice+web1@127.0.0.1"));
            String batch = "put %s %s\nget %2$s %s\n".formatted(file, there, back);
            succeeds(
                    SshClient.runProgram(
                            "sftp", words, batch.getBytes(StandardCharsets.US_ASCII), LIMIT));

            String hash = sha256(file);
            assertThat(sha256(there)).isEqualTo(hash);
            assertThat(sha256(back)).isEqualTo(hash);
            List<JsonNode> records =
                    bastion.awaitAudit(rows -> rows.size() == 4, "files", "--path", "there");
            for (int i : List.of(1, 3)) {
                assertThat(records.get(i).get("bytes").asLong()).isEqualTo(BYTES);
                assertThat(records.get(i).get("sha256").asString()).isEqualTo(hash);
            }
        }
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
