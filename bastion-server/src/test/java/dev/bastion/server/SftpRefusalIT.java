package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static dev.bastion.server.SftpScene.has;
import static dev.bastion.server.SftpScene.succeeds;
import static dev.bastion.server.SftpScene.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.AuditRecord.FileOperated;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What SFTP through the bastion does not let through, and how it ends when it does not go well. */
@TestInstance(Lifecycle.PER_CLASS)
final class SftpRefusalIT {

    private final SftpScene scene;
    private final Path folder;

    SftpRefusalIT(@TempDir Path folder) {
        this.folder = folder;
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

    @Test
    void whoMayOnlyReadChangesNothing() throws Exception {
        Files.writeString(scene.there.resolve("a"), "contents");
        Files.writeString(scene.here.resolve("mine"), "mine");
        Files.createDirectory(scene.there.resolve("empty"));

        SshClient.Result result =
                scene.sftp(
                        "alice+readonly",
                        "cd " + scene.there,
                        "ls",
                        "get a " + scene.here + "/a",
                        "-put " + scene.here + "/mine",
                        "-rm a",
                        "-mkdir d",
                        "-rename a b",
                        "-chmod 777 a",
                        "-rename -l a b",
                        "-rmdir empty",
                        "-ln a l",
                        "-ln -s a l",
                        "get a " + scene.here + "/again");

        succeeds(result);
        assertThat(scene.here.resolve("again")).hasContent("contents");
        assertThat(result.stderr()).contains("Permission denied");
        assertThat(BastionScene.names(scene.there)).containsExactlyInAnyOrder("a", "empty");
        assertThat(scene.there.resolve("a")).hasContent("contents");
        assertThat(Files.getPosixFilePermissions(scene.there.resolve("a"))).hasSizeLessThan(9);
        List<JsonNode> records =
                scene.awaitFiles(
                        rows -> has(rows, "symlink", "not-granted"), scene.there.toString());
        assertThat(
                        records.stream()
                                .filter(row -> row.get("result").asString().equals("not-granted")))
                .extracting(row -> row.get("operation").asString())
                .containsExactly(
                        "open",
                        "remove",
                        "mkdir",
                        "rename",
                        "setstat",
                        "rename",
                        "rmdir",
                        "hardlink",
                        "symlink");
    }

    @Test
    void whoMayOnlyWriteReadsNothing() throws Exception {
        Files.writeString(scene.there.resolve("secret"), "secret");
        Files.writeString(scene.here.resolve("mine"), "mine");

        SshClient.Result result =
                scene.sftp(
                        "alice+dropbox",
                        "put " + scene.here + "/mine " + scene.there + "/mine",
                        "-get " + scene.there + "/secret " + scene.here + "/stolen",
                        "-ls " + scene.there);

        succeeds(result);
        assertThat(scene.there.resolve("mine")).hasContent("mine");
        assertThat(scene.here.resolve("stolen"))
                .satisfiesAnyOf(
                        file -> assertThat(file).doesNotExist(),
                        file -> assertThat(file).isEmptyFile());
        List<JsonNode> records =
                scene.awaitFiles(rows -> has(rows, "list", "not-granted"), scene.there.toString());
        assertThat(has(records, "open", "not-granted")).isTrue();
    }

    @Test
    void whoHasNoRightToFilesGetsNoSession() {
        SshClient.Result result = scene.sftp("alice+commands", "ls");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("there is no commands that you may reach with this");
    }

    @Test
    void otherSubsystemsAreRefused() {
        SshClient.Result other = SshClient.run(scene.subsystem("alice+web1", "netconf"), LIMIT);
        SshClient.Result menu = SshClient.run(scene.subsystem("alice", "netconf"), LIMIT);

        assertThat(other.stderr()).isEqualTo("bastion: of the subsystems only sftp is served\n");
        assertThat(menu.stderr()).isEqualTo("bastion: of the subsystems only sftp is served\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "\000\000\000\000\000",
                "\000\000\000\005\001\000\000\000\003\000\000\000\005\001\000\000\000\003",
                "\000\000\000\005\001\000\000\000\003\000\000\000\005\377\000\000\000\001",
                "\000\000\000\005\001\000\000\000\003\000\000\000\005\003\000\000\000\001"
            })
    void whatIsNotSftpEndsTheSessionWithASentence(String bytes) {
        Instant before = Instant.now();
        SshClient.Result result =
                SshClient.run(
                        scene.subsystem("alice+web1", "sftp"),
                        bytes.getBytes(StandardCharsets.ISO_8859_1),
                        LIMIT);

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).startsWith("bastion: your client sent what is not SFTP: ");
        scene.bastion.awaitRecord(
                AuditRecord.SessionEnded.class,
                end -> end.time().isAfter(before) && end.reason().equals("malformed"));
        succeeds(scene.sftp("alice+web1", "ls " + scene.there));
    }

    @ParameterizedTest
    @CsvSource({"alice+web1, ''", "alice, /web1"})
    void whatIsNotSftpEndsNoOtherSessionOfItsConnection(String address, String root)
            throws Exception {
        Files.writeString(scene.there.resolve("a"), "contents");
        try (SharedSsh shared =
                        SharedSsh.connect(
                                folder.resolve("shared-" + address), scene.bastion.ssh(address));
                RawSftp other = new RawSftp(SshClient.start("ssh", shared.ssh("-s", "sftp")))) {
            other.begin(3);
            String path = root + scene.there + "/a";
            byte[] file =
                    other.ask(RawSftp.OPEN, RawSftp.words().text(path).number(1).number(0)).bytes();

            SshClient.Result broken =
                    SshClient.run(
                            shared.ssh("-s", "sftp"),
                            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1),
                            LIMIT);

            assertThat(broken.stderr()).startsWith("bastion: your client sent what is not SFTP: ");
            RawSftp.Words all = RawSftp.words().bytes(file).longNumber(0).number(100);
            assertThat(other.ask(RawSftp.READ, all).text()).isEqualTo("contents");
        }
    }

    @Test
    void whatAClientThatIsKilledLeavesOpenIsRecordedBeforeTheEnd() throws Exception {
        Process client = SshClient.start("ssh", scene.subsystem("alice+web1", "sftp"));
        Path file = scene.there.resolve("half");
        byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
        client.getOutputStream()
                .write(
                        ByteBuffer.allocate(9 + 4 + 1 + 4 + 4 + path.length + 4 + 4)
                                .putInt(5)
                                .put((byte) 1)
                                .putInt(3)
                                .putInt(1 + 4 + 4 + path.length + 4 + 4)
                                .put((byte) 3)
                                .putInt(7)
                                .putInt(path.length)
                                .put(path)
                                .putInt(2 | 8)
                                .putInt(0)
                                .array());
        client.getOutputStream().flush();
        await().atMost(LIMIT).until(() -> Files.exists(file));
        scene.awaitFiles(rows -> has(rows, "open", "ok"), file.toString());

        client.destroyForcibly();

        List<JsonNode> records = scene.awaitFiles(2, file.toString());
        assertThat(words(records)).containsExactly("open write create ok", "write  unfinished");
        assertThat(records.getLast().get("sha256").isNull()).isTrue();
        String session = records.getLast().get("session").asString();
        await().ignoreException(AuditLogException.class)
                .untilAsserted(() -> {
                    List<AuditRecord> all = scene.bastion.records(AuditRecord.class);
                    assertThat(lastIndex(all, FileOperated.class, session))
                            .isLessThan(lastIndex(all, AuditRecord.SessionEnded.class, session));
                });
    }

    private static int lastIndex(
            List<AuditRecord> all, Class<? extends AuditRecord> kind, String session) {
        for (int i = all.size() - 1; i >= 0; i--) {
            AuditRecord record = all.get(i);
            if (kind.isInstance(record) && record.toString().contains(session)) {
                return i;
            }
        }
        return -1;
    }
}
