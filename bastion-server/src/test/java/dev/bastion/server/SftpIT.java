package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.AuditRecord.FileOperated;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Files through the bastion with OpenSSH's own clients and servers. Each test has two folders:
 * {@code here} for the client, {@code there} for the host.
 *
 * <pre>
 * alice+web1     reads and writes
 * alice+readonly sftp-read alone    ─┐
 * alice+dropbox  sftp-write alone    ├─ the same sshd as web1
 * alice+commands shell and exec     ─┘
 * </pre>
 */
@TestInstance(Lifecycle.PER_CLASS)
final class SftpIT {

    private final Path folder;
    private final RunningBastion bastion;
    private Path here;
    private Path there;

    SftpIT(@TempDir Path folder) {
        this.folder = folder;
        here = folder;
        there = folder;
        bastion = RunningBastion.start(folder);
        addHost("readonly", "sftp-read");
        addHost("dropbox", "sftp-write");
        addHost("commands", "shell,exec");
    }

    private void addHost(String name, String rights) {
        String address = bastion.web1().address() + ":" + bastion.web1().port();
        bastion.addHost(name, address, bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount(name, bastion.login(), bastion.web1().userKeys());
        bastion.grant(name, bastion.login(), rights);
    }

    @BeforeEach
    void makeFolders(TestInfo test) throws IOException {
        Path own = Files.createTempDirectory(folder, test.getTestMethod().orElseThrow().getName());
        here = Files.createDirectory(own.resolve("here"));
        there = Files.createDirectory(own.resolve("there"));
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 32_768, 100_000_000})
    void filesArriveBitForBitBothWaysAndAreRecordedWithTheirHash(long length) throws Exception {
        Path file = here.resolve("file");
        fill(file, length);
        String sha256 = sha256(file);

        succeeds(
                sftp(
                        "alice+web1",
                        "put " + file + " " + there + "/f",
                        "get " + there + "/f " + here + "/back"));

        assertThat(sha256(there.resolve("f"))).isEqualTo(sha256);
        assertThat(sha256(here.resolve("back"))).isEqualTo(sha256);
        List<JsonNode> records = awaitFiles(4, there + "/f");
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
        Path file = here.resolve("file");
        fill(file, 3_000_001);

        succeeds(scp(protocol, file.toString(), "alice+web1@127.0.0.1:" + there + "/f"));
        succeeds(scp(protocol, "alice+web1@127.0.0.1:" + there + "/f", here + "/back"));

        assertThat(sha256(there.resolve("f"))).isEqualTo(sha256(file));
        assertThat(sha256(here.resolve("back"))).isEqualTo(sha256(file));
        for (String operation : List.of("write", "read")) {
            List<JsonNode> records =
                    awaitFiles(rows -> has(rows, operation, "ok"), there + "/f").stream()
                            .filter(row -> is(row, operation, "ok"))
                            .toList();
            assertThat(records).hasSize(1);
            assertThat(records.getFirst().get("bytes").asLong()).isEqualTo(3_000_001);
            assertThat(records.getFirst().get("sha256").asString()).isEqualTo(sha256(file));
        }
    }

    @Test
    void aSparseFileAndAWholeTreeArrive() throws Exception {
        Path tree = Files.createDirectories(here.resolve("tree/a/b"));
        try (RandomAccessFile sparse = new RandomAccessFile(tree.resolve("hole").toFile(), "rw")) {
            sparse.setLength(20_000_000);
            sparse.seek(10_000_000);
            sparse.write("in the middle".getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(here.resolve("tree/a/small"), "small");

        succeeds(
                sftp(
                        "alice+web1",
                        "put -r " + here + "/tree " + there,
                        "get -r " + there + "/tree " + here + "/back"));

        assertThat(sha256(here.resolve("back/a/b/hole"))).isEqualTo(sha256(tree.resolve("hole")));
        assertThat(here.resolve("back/a/small")).hasContent("small");
        assertThat(words(awaitFiles(rows -> has(rows, "list", "ok"), there + "/tree/a")))
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
                                here.toString()),
                        new byte[0],
                        LIMIT);
        assertThat(made.exitStatus()).as("%s", made).isZero();

        succeeds(sftp("alice+web1", "put -r " + here + " " + there + "/names"));

        SshClient.Result same =
                SshClient.runProgram(
                        "diff",
                        List.of("-r", here.toString(), there + "/names"),
                        new byte[0],
                        LIMIT);
        assertThat(same.exitStatus()).as("%s", same).isZero();
        List<JsonNode> records =
                awaitFiles(
                        rows -> rows.stream().filter(row -> is(row, "write", "ok")).count() == 5,
                        there + "/names/");
        assertThat(records.stream().filter(row -> is(row, "write", "ok")))
                .extracting(row -> row.get("path").asString())
                .containsExactlyInAnyOrder(
                        there + "/names/two words",
                        there + "/names/new\nline",
                        there + "/names/not\\xffutf8",
                        there + "/names/back\\\\slash",
                        there + "/names/café");
    }

    @Test
    void everyOtherChangeIsRecorded() throws Exception {
        Files.writeString(there.resolve("a"), "a");

        succeeds(
                sftp(
                        "alice+web1",
                        "cd " + there,
                        "rename a b",
                        "ln -s b soft",
                        "ln b hard",
                        "chmod 600 b",
                        "mkdir d",
                        "rmdir d",
                        "copy b c",
                        "ls",
                        "df .",
                        "rm b",
                        "-rm absent"));

        List<JsonNode> records =
                awaitFiles(rows -> has(rows, "remove", "no-such-file"), there.toString());
        assertThat(records)
                .extracting(row ->
                        row.get("operation").asString()
                                + " "
                                + row.get("path").asString().replace(there + "/", "")
                                + " "
                                + row.get("target").asString().replace(there + "/", "")
                                + " "
                                + row.get("result").asString())
                .containsSubsequence(
                        "rename a b ok",
                        "symlink soft b ok",
                        "hardlink hard b ok",
                        "setstat b mode=0600 ok",
                        "mkdir d  ok",
                        "rmdir d  ok",
                        "copy-data b c ok",
                        "list " + there + "  ok",
                        "remove b  ok",
                        "remove absent  no-such-file");
        assertThat(there.resolve("c")).hasContent("a");
    }

    @Test
    void whoMayOnlyReadChangesNothing() throws Exception {
        Files.writeString(there.resolve("a"), "contents");
        Files.writeString(here.resolve("mine"), "mine");

        SshClient.Result result =
                sftp(
                        "alice+readonly",
                        "cd " + there,
                        "ls",
                        "get a " + here + "/a",
                        "-put " + here + "/mine",
                        "-rm a",
                        "-mkdir d",
                        "-rename a b",
                        "-chmod 777 a",
                        "-ln -s a l",
                        "get a " + here + "/again");

        succeeds(result);
        assertThat(here.resolve("again")).hasContent("contents");
        assertThat(result.stderr()).contains("Permission denied");
        assertThat(BastionScene.names(there)).containsExactly("a");
        assertThat(there.resolve("a")).hasContent("contents");
        assertThat(Files.getPosixFilePermissions(there.resolve("a"))).hasSizeLessThan(9);
        List<JsonNode> records =
                awaitFiles(rows -> has(rows, "symlink", "not-granted"), there.toString());
        assertThat(
                        records.stream()
                                .filter(row -> row.get("result").asString().equals("not-granted")))
                .extracting(row -> row.get("operation").asString())
                .containsExactly("open", "remove", "mkdir", "rename", "setstat", "symlink");
    }

    @Test
    void whoMayOnlyWriteReadsNothing() throws Exception {
        Files.writeString(there.resolve("secret"), "secret");
        Files.writeString(here.resolve("mine"), "mine");

        SshClient.Result result =
                sftp(
                        "alice+dropbox",
                        "put " + here + "/mine " + there + "/mine",
                        "-get " + there + "/secret " + here + "/stolen",
                        "-ls " + there);

        succeeds(result);
        assertThat(there.resolve("mine")).hasContent("mine");
        assertThat(here.resolve("stolen"))
                .satisfiesAnyOf(
                        file -> assertThat(file).doesNotExist(),
                        file -> assertThat(file).isEmptyFile());
        assertThat(result.text() + result.stderr()).doesNotContain("stolen 100%");
        List<JsonNode> records =
                awaitFiles(rows -> has(rows, "list", "not-granted"), there.toString());
        assertThat(has(records, "open", "not-granted")).isTrue();
    }

    @Test
    void whoHasNoRightToFilesGetsNoSession() {
        SshClient.Result result = sftp("alice+commands", "ls");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("there is no commands that you may reach with this");
    }

    @Test
    void otherSubsystemsAndTheMenusAddressAreRefused() {
        SshClient.Result other = SshClient.run(withOption("alice+web1", "netconf"), LIMIT);
        SshClient.Result menu = sftp("alice", "ls");

        assertThat(other.stderr()).isEqualTo("bastion: of the subsystems only sftp is served\n");
        assertThat(menu.stderr()).contains("there is no subsystem without a target");
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
                        withOption("alice+web1", "sftp"),
                        bytes.getBytes(StandardCharsets.ISO_8859_1),
                        LIMIT);

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).startsWith("bastion: your client sent what is not SFTP: ");
        AuditRecord.SessionEnded end =
                bastion.awaitRecord(
                        AuditRecord.SessionEnded.class, ended -> ended.time().isAfter(before));
        assertThat(end.reason()).isEqualTo("malformed");
        succeeds(sftp("alice+web1", "ls " + there));
    }

    @Test
    void whatAClientThatIsKilledLeavesOpenIsRecordedBeforeTheEnd() throws Exception {
        Process client = SshClient.start("ssh", withOption("alice+web1", "sftp"));
        Path file = there.resolve("half");
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
        awaitFiles(rows -> has(rows, "open", "ok"), file.toString());

        client.destroyForcibly();

        List<JsonNode> records = awaitFiles(2, file.toString());
        assertThat(words(records)).containsExactly("open write create ok", "write  unfinished");
        assertThat(records.getLast().get("sha256").isNull()).isTrue();
        String session = records.getLast().get("session").asString();
        bastion.awaitRecord(
                AuditRecord.SessionEnded.class,
                end -> end.context().session().value().equals(session));
        await().ignoreException(AuditLogException.class)
                .untilAsserted(() -> {
                    List<AuditRecord> all = bastion.records(AuditRecord.class);
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

    private SshClient.Result sftp(String address, String... commands) {
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of("-b", "-", address + "@127.0.0.1"));
        return SshClient.runProgram(
                "sftp",
                words,
                (String.join("\n", commands) + "\n").getBytes(StandardCharsets.UTF_8),
                LIMIT);
    }

    private SshClient.Result scp(String protocol, String from, String to) {
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of(protocol, from, to));
        return SshClient.runProgram("scp", words, new byte[0], LIMIT);
    }

    /** The arguments of {@code ssh} for a subsystem. */
    private List<String> withOption(String address, String subsystem) {
        List<String> words = new ArrayList<>(List.of("-s"));
        words.addAll(bastion.ssh(address, subsystem));
        return words;
    }

    private static void succeeds(SshClient.Result result) {
        assertThat(result.exitStatus()).as("%s", result).isZero();
    }

    private List<JsonNode> awaitFiles(int count, String pathPart) {
        return awaitFiles(rows -> rows.size() == count, pathPart);
    }

    /** The records whose path has this part. */
    private List<JsonNode> awaitFiles(Predicate<List<JsonNode>> expected, String pathPart) {
        return bastion.awaitAudit(expected, "files", "--path", pathPart);
    }

    private static boolean has(List<JsonNode> rows, String operation, String result) {
        return rows.stream().anyMatch(row -> is(row, operation, result));
    }

    private static boolean is(JsonNode row, String operation, String result) {
        return row.get("operation").asString().equals(operation)
                && row.get("result").asString().equals(result);
    }

    private static List<String> words(List<JsonNode> rows) {
        return rows.stream()
                .map(row ->
                        row.get("operation").asString()
                                + " "
                                + row.get("target").asString()
                                + " "
                                + row.get("result").asString())
                .toList();
    }

    private static void fill(Path file, long length) throws IOException {
        Random random = new Random(length);
        byte[] piece = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (long left = length; left > 0; left -= piece.length) {
                random.nextBytes(piece);
                out.write(piece, 0, (int) Math.min(left, piece.length));
            }
        }
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            byte[] piece = new byte[1 << 20];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                digest.update(piece, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
