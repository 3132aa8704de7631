package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static dev.bastion.server.SftpScene.fill;
import static dev.bastion.server.SftpScene.has;
import static dev.bastion.server.SftpScene.is;
import static dev.bastion.server.SftpScene.sha256;
import static dev.bastion.server.SftpScene.succeeds;
import static dev.bastion.server.SftpScene.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Files through the bastion with OpenSSH's own clients and servers, and their records. */
@TestInstance(Lifecycle.PER_CLASS)
final class SftpIT {

    private final SftpScene scene;

    SftpIT(@TempDir Path folder) {
        scene = new SftpScene(folder);
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 32_768, 100_000_000})
    void filesArriveBitForBitBothWaysAndAreRecordedWithTheirHash(long length) throws Exception {
        Path file = scene.here.resolve("file");
        fill(file, length);
        String sha256 = sha256(file);

        succeeds(
                scene.sftp(
                        "alice+web1",
                        "put " + file + " " + scene.there + "/f",
                        "get " + scene.there + "/f " + scene.here + "/back"));

        assertThat(sha256(scene.there.resolve("f"))).isEqualTo(sha256);
        assertThat(sha256(scene.here.resolve("back"))).isEqualTo(sha256);
        List<JsonNode> records = scene.awaitFiles(4, scene.there + "/f");
        assertThat(words(records))
                .containsExactly(
                        "open write create truncate ok",
                        length == 0 ? "write  ok" : "write 0-" + (length - 1) + " ok",
                        "open read ok",
                        length == 0 ? "read  ok" : "read 0-" + (length - 1) + " ok");
        for (int i : List.of(1, 3)) {
            assertThat(records.get(i).get("bytes").asLong()).isEqualTo(length);
            assertThat(records.get(i).get("sha256").asString()).isEqualTo(sha256);
        }
        assertThat(records.getFirst().propertyNames())
                .containsExactly(
                        "time",
                        "user",
                        "host",
                        "account",
                        "session",
                        "operation",
                        "path",
                        "target",
                        "bytes",
                        "sha256",
                        "result");
        assertThat(records.getFirst().get("bytes").isNull()).isTrue();
        assertThat(records.getFirst().get("user").asString()).isEqualTo("alice");
        assertThat(records.getFirst().get("host").asString()).isEqualTo("web1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-s", "-O"})
    void scpCopiesBothWays(String protocol) throws Exception {
        Path file = scene.here.resolve("file");
        fill(file, 3_000_001);

        succeeds(
                scene.scp(protocol, file.toString(), "alice+web1@127.0.0.1:" + scene.there + "/f"));
        succeeds(
                scene.scp(
                        protocol,
                        "alice+web1@127.0.0.1:" + scene.there + "/f",
                        scene.here + "/back"));

        assertThat(sha256(scene.there.resolve("f"))).isEqualTo(sha256(file));
        assertThat(sha256(scene.here.resolve("back"))).isEqualTo(sha256(file));
        for (String operation : List.of("write", "read")) {
            List<JsonNode> records =
                    scene
                            .awaitFiles(rows -> has(rows, operation, "ok"), scene.there + "/f")
                            .stream()
                            .filter(row -> is(row, operation, "ok"))
                            .toList();
            assertThat(records).hasSize(1);
            assertThat(records.getFirst().get("bytes").asLong()).isEqualTo(3_000_001);
            assertThat(records.getFirst().get("sha256").asString()).isEqualTo(sha256(file));
        }
    }

    @Test
    void aSparseFileAndAWholeTreeArrive() throws Exception {
        Path tree = Files.createDirectories(scene.here.resolve("tree/a/b"));
        try (RandomAccessFile sparse = new RandomAccessFile(tree.resolve("hole").toFile(), "rw")) {
            sparse.setLength(20_000_000);
            sparse.seek(10_000_000);
            sparse.write("in the middle".getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(scene.here.resolve("tree/a/small"), "small");

        succeeds(
                scene.sftp(
                        "alice+web1",
                        "put -r " + scene.here + "/tree " + scene.there,
                        "get -r " + scene.there + "/tree " + scene.here + "/back"));

        assertThat(sha256(scene.here.resolve("back/a/b/hole")))
                .isEqualTo(sha256(tree.resolve("hole")));
        assertThat(scene.here.resolve("back/a/small")).hasContent("small");
        assertThat(
                        words(
                                scene.awaitFiles(
                                        rows -> has(rows, "list", "ok"), scene.there + "/tree/a")))
                .contains("mkdir  ok", "list  ok");
    }

    @Test
    void namesAreRecordedWhateverTheirBytes() throws Exception {
        SshClient.Result made =
                SshClient.runProgram(
                        "sh",
                        List.of(
                                "-c",
                                "cd \"$1\" && for n in 'two words' \"$(printf 'new\\nline')\""
                                        + " \"$(printf 'not\\377utf8')\" 'back\\slash' 'café';"
                                        + " do echo x > \"$n\"; done",
                                "sh",
                                scene.here.toString()),
                        new byte[0],
                        LIMIT);
        assertThat(made.exitStatus()).as("%s", made).isZero();

        Path back = scene.here.resolveSibling("back");
        succeeds(
                scene.sftp(
                        "alice+web1",
                        "put -r " + scene.here + " " + scene.there + "/names",
                        "get -r " + scene.there + "/names " + back));

        for (Path copy : List.of(scene.there.resolve("names"), back)) {
            SshClient.Result same =
                    SshClient.runProgram(
                            "diff",
                            List.of("-r", scene.here.toString(), copy.toString()),
                            new byte[0],
                            LIMIT);
            assertThat(same.exitStatus()).as("%s", same).isZero();
        }
        List<JsonNode> records =
                scene.awaitFiles(
                        rows -> rows.stream().filter(row -> is(row, "write", "ok")).count() == 5,
                        scene.there + "/names/");
        assertThat(records.stream().filter(row -> is(row, "write", "ok")))
                .extracting(row -> row.get("path").asString())
                .containsExactlyInAnyOrder(
                        scene.there + "/names/two words",
                        scene.there + "/names/new\nline",
                        scene.there + "/names/not\\xffutf8",
                        scene.there + "/names/back\\\\slash",
                        scene.there + "/names/café");
    }

    @Test
    void everyOtherChangeIsRecorded() throws Exception {
        Files.writeString(scene.there.resolve("a"), "a");
        Files.writeString(scene.here.resolve("synced"), "synced");
        Object owner = Files.getAttribute(scene.there, "unix:uid");
        Object group = Files.getAttribute(scene.there, "unix:gid");

        succeeds(
                scene.sftp(
                        "alice+web1",
                        "cd " + scene.there,
                        "rename a b",
                        "ln -s b soft",
                        "ln b hard",
                        "chmod 600 b",
                        "chown -h " + owner + " soft",
                        "put -f " + scene.here + "/synced " + scene.there,
                        "mkdir d",
                        "rmdir d",
                        "copy b c",
                        "ls",
                        "df .",
                        "rm b",
                        "-rm absent"));

        List<JsonNode> records =
                scene.awaitFiles(
                        rows -> has(rows, "remove", "no-such-file"), scene.there.toString());
        assertThat(records)
                .extracting(row ->
                        row.get("operation").asString()
                                + " "
                                + row.get("path").asString().replace(scene.there + "/", "")
                                + " "
                                + row.get("target").asString().replace(scene.there + "/", "")
                                + " "
                                + row.get("result").asString())
                .containsSubsequence(
                        "rename a b ok",
                        "symlink soft b ok",
                        "hardlink hard b ok",
                        "setstat b mode=0600 ok",
                        "setstat soft owner=" + owner + ":" + group + " ok",
                        "write synced 0-5 ok",
                        "mkdir d  ok",
                        "rmdir d  ok",
                        "copy-data b c ok",
                        "list " + scene.there + "  ok",
                        "remove b  ok",
                        "remove absent  no-such-file");
        assertThat(scene.there.resolve("c")).hasContent("a");
    }
}
