package dev.bastion.server;

import static dev.bastion.server.FleetScene.OWN;
import static dev.bastion.server.RunningBastion.LIMIT;
import static dev.bastion.server.SftpScene.fill;
import static dev.bastion.server.SftpScene.is;
import static dev.bastion.server.SftpScene.sha256;
import static dev.bastion.server.SftpScene.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Packets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The hosts as directories of one address, with OpenSSH's own clients and servers. */
@TestInstance(Lifecycle.PER_CLASS)
final class FleetSftpIT {

    private final FleetScene scene;
    private Path here;
    private Path there;

    FleetSftpIT(@TempDir Path folder) {
        scene = new FleetScene(folder);
        here = folder;
        there = folder;
    }

    @BeforeEach
    void makeFolders() throws IOException {
        Path own = Files.createTempDirectory(scene.folder, "test");
        here = Files.createDirectory(own.resolve("here"));
        there = Files.createDirectory(own.resolve("there"));
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void theTopListsWhatIsGrantedAndReachesNoHostForIt() {
        int sessions = scene.bastion.records(AuditRecord.SessionStarted.class).size();
        SshClient.Result result = scene.sftp("pwd", "ls -1", "cd web1", "cd ..", "pwd");

        succeeds(result);
        assertThat(result.text().lines().filter(line -> !line.startsWith("sftp>")))
                .containsExactly(
                        "Remote working directory: /",
                        "@app",
                        "@half",
                        "@look",
                        "app1",
                        "app2",
                        "app3",
                        "build",
                        "deploy@twice",
                        "down",
                        "readonly",
                        scene.bastion.login() + "@twice",
                        "web1",
                        "web2",
                        "Remote working directory: /");
        assertThat(scene.bastion.records(AuditRecord.SessionStarted.class)).hasSize(sessions);
    }

    @Test
    void filesOfTwoHostsGoBothWaysInOneSessionAndAreRecordedAsEachHosts() throws Exception {
        Path file = here.resolve("file");
        fill(file, 10_000_001);

        succeeds(
                scene.sftp(
                        "put " + file + " /web1" + there + "/one",
                        "cd /web2" + there,
                        "put " + file + " two",
                        "get one " + here + "/back1",
                        "get /web1" + there + "/two " + here + "/back2",
                        "cd ../there",
                        "pwd",
                        "mkdir d",
                        "rename two d/three",
                        "ln d/three d/four",
                        "ln -s three d/five",
                        "copy d/three d/six",
                        "chmod 600 d/six",
                        "df .",
                        "rm one"));

        for (Path copy : List.of(here.resolve("back1"), here.resolve("back2"))) {
            assertThat(sha256(copy)).isEqualTo(sha256(file));
        }
        for (String name : List.of("three", "four", "five", "six")) {
            assertThat(sha256(there.resolve("d/" + name))).as(name).isEqualTo(sha256(file));
        }
        List<JsonNode> records = awaitWrites(2, there.toString());
        assertThat(records)
                .extracting(row -> row.get("host").asString() + " " + row.get("path").asString())
                .containsExactlyInAnyOrder("web1 " + there + "/one", "web2 " + there + "/two");
        for (JsonNode record : records) {
            String session = record.get("session").asString();
            scene.bastion.awaitAudit(
                    rows ->
                            rows.stream()
                                    .anyMatch(row ->
                                            row.get("id").asString().equals(session)
                                                    && row.get("kind").asString().equals("sftp")
                                                    && row.get("host").equals(record.get("host"))
                                                    && row.get("reason")
                                                            .asString("")
                                                            .equals("exited")),
                    "sessions");
        }
    }

    @Test
    void scpAndWholeTreesWithNamesOfAnyBytesArrive() throws Exception {
        succeeds(
                SshClient.runProgram(
                        "sh",
                        List.of(
                                "-c",
                                "mkdir -p \"$1/tree/sub\" && cd \"$1/tree\" && for n in 'two words'"
                                        + " \"$(printf 'new\\nline')\" \"$(printf 'not\\377utf8')\""
                                        + " 'back\\slash' 'café'; do echo x > \"sub/$n\"; done",
                                "sh",
                                here.toString()),
                        new byte[0],
                        LIMIT));
        Path file = here.resolve("file");
        fill(file, 3_000_001);

        succeeds(
                scene.sftp(
                        "put -r " + here + "/tree /web1" + there,
                        "get -r /web2" + there + "/tree " + here + "/back"));
        succeeds(scene.scp(file.toString(), "alice@127.0.0.1:/web1" + there + "/"));
        succeeds(scene.scp("alice@127.0.0.1:/web2" + there + "/file", here + "/back-file"));

        for (Path copy : List.of(there.resolve("tree"), here.resolve("back"))) {
            succeeds(
                    SshClient.runProgram(
                            "diff",
                            List.of("-r", here + "/tree", copy.toString()),
                            new byte[0],
                            LIMIT));
        }
        assertThat(sha256(here.resolve("back-file"))).isEqualTo(sha256(file));
    }

    @Test
    void theRightsOfEachHostHold() throws Exception {
        Files.writeString(there.resolve("f"), "f");
        Path file = here.resolve("file");
        Files.writeString(file, "not to be written");

        SshClient.Result result =
                scene.sftp(
                        "get /readonly" + there + "/f " + here + "/back",
                        "-put " + file + " /readonly" + there + "/g",
                        "-mkdir /readonly" + there + "/d",
                        "-rm /readonly" + there + "/f",
                        "-mkdir /@look" + there + "/e");

        succeeds(result);
        scene.bastion.awaitAudit(
                rows -> rows.size() == 1 && is(rows.getFirst(), "mkdir", "not-granted"),
                "files",
                "--path",
                there + "/e");
        assertThat(there.resolve("e")).doesNotExist();
        assertThat(here.resolve("back")).hasContent("f");
        assertThat(result.stderr()).contains("Permission denied");
        assertThat(there.resolve("g")).doesNotExist();
        assertThat(there.resolve("d")).doesNotExist();
        assertThat(there.resolve("f")).exists();
    }

    @Test
    void aHostThatIsNotGrantedLooksLikeOneThatIsNot() {
        SshClient.Result hidden =
                scene.sftp("-ls /hidden/tmp", "-cd hidden", "-put /dev/null /hidden/x");
        SshClient.Result absent =
                scene.sftp("-ls /absent/tmp", "-cd absent", "-put /dev/null /absent/x");

        assertThat(hidden.stderr().replace("hidden", "absent")).isEqualTo(absent.stderr());
        assertThat(hidden.text().replace("hidden", "absent")).isEqualTo(absent.text());
        assertThat(absent.stderr()).contains("not found");
        awaitRefusal("hidden", "not-granted");
        awaitRefusal("absent", "unknown");
    }

    @Test
    void aGroupThatIsNotGrantedLooksLikeOneThatIsNot() {
        SshClient.Result secret = scene.sftp("-ls /@secret/tmp", "-ls /root@@secret/tmp");
        SshClient.Result nosuch = scene.sftp("-ls /@nosuch/tmp", "-ls /root@@nosuch/tmp");

        assertThat(secret.stderr().replace("secret", "nosuch")).isEqualTo(nosuch.stderr());
        for (String account : List.of("", "root@")) {
            awaitRefusal(account + "@secret", "not-granted");
            awaitRefusal(account + "@nosuch", "unknown");
        }
    }

    @Test
    void aNameThatIsTooLongForAnAccountIsRecordedShortened() {
        SshClient.Result result = scene.sftp("-ls /" + "a".repeat(65) + "@web1/tmp");

        assertThat(result.stderr()).contains("not found");
        awaitRefusal("a".repeat(64) + "…@web1", "unknown");
    }

    @Test
    void whoGuessesManyNamesIsEnded() {
        ByteArrayOutputStream guesses = new ByteArrayOutputStream();
        guesses.writeBytes(Packets.INIT);
        for (int i = 0; i < 1_000; i++) {
            guesses.writeBytes(Packets.packet(PacketType.STAT, i, "/guess" + i));
        }
        byte[] again = Packets.packet(PacketType.STAT, 1_000, "/guess0");
        byte[] more = Packets.packet(PacketType.STAT, 1_001, "/@more");

        guesses.writeBytes(again);
        assertThat(scene.raw(guesses.toByteArray()).exitStatus()).isZero();
        awaitRefusal("guess999", "unknown");
        guesses.writeBytes(more);
        SshClient.Result ended = scene.raw(guesses.toByteArray());

        assertThat(ended.exitStatus()).isEqualTo(255);
        assertThat(ended.stderr()).contains("more than 1000 names of hosts that were refused");
    }

    @Test
    void whereSeveralAccountsMayBeUsedTheAccountIsInTheName() throws Exception {
        Files.writeString(there.resolve("f"), "f");
        String named = "/" + scene.bastion.login() + "@twice" + there + "/f";

        succeeds(scene.sftp("get " + named + " " + here + "/back"));
        SshClient.Result unnamed = scene.sftp("get /twice" + there + "/f " + here + "/other");

        assertThat(here.resolve("back")).hasContent("f");
        assertThat(unnamed.exitStatus()).isEqualTo(1);
    }

    @Test
    void whatIsWrittenToAGroupIsWrittenToEachOfItsHosts() throws Exception {
        Path file = here.resolve("file");
        fill(file, 5_000_001);
        String name = "group";
        String onHosts = "/@app" + OWN + "/" + name;

        succeeds(
                scene.sftp(
                        "mkdir " + onHosts,
                        "put -p " + file + " " + onHosts + "/first",
                        "rename " + onHosts + "/first " + onHosts + "/f",
                        "ls " + onHosts));

        for (String host : List.of("app1", "app2", "app3")) {
            assertThat(sha256(scene.own(host).resolve(name + "/f"))).isEqualTo(sha256(file));
        }
        List<JsonNode> records = awaitWrites(3, name + "/first");
        assertThat(records)
                .extracting(row ->
                        row.get("user").asString()
                                + " "
                                + row.get("host").asString()
                                + " "
                                + row.get("bytes").asLong()
                                + " "
                                + row.get("sha256").asString())
                .containsExactlyInAnyOrder(
                        "alice app1 5000001 " + sha256(file),
                        "alice app2 5000001 " + sha256(file),
                        "alice app3 5000001 " + sha256(file));
    }

    @Test
    void aGroupIsNotWrittenToWhenOneOfItsHostsIsDown() throws Exception {
        Path file = here.resolve("file");
        Files.writeString(file, "half");
        Files.writeString(there.resolve("seen"), "");

        SshClient.Result put = scene.sftp("put " + file + " /@half" + OWN + "/half");
        SshClient.Result list = scene.sftp("ls /@half" + there);
        SshClient.Result down = scene.sftp("ls /down/tmp");

        assertThat(put.exitStatus()).isEqualTo(1);
        assertThat(scene.own("app2").resolve("half")).isEmptyFile();
        succeeds(list);
        assertThat(list.text()).contains("seen");
        assertThat(down.exitStatus()).isEqualTo(1);
        for (SshClient.Result result : List.of(put, down)) {
            assertThat(result.stderr()).contains("bastion: down refuses connections\n");
        }
    }

    @Test
    void aFileIsNotRenamedFromOneHostToAnother() throws Exception {
        Files.writeString(there.resolve("f"), "f");

        SshClient.Result result = scene.sftp("rename /web1" + there + "/f /web2" + there + "/g");

        assertThat(result.exitStatus()).isEqualTo(1);
        assertThat(result.stderr()).contains("Operation unsupported");
        assertThat(there.resolve("f")).exists();
    }

    @Test
    void aClientThatIsKilledEndsTheSessionsAtItsHosts() throws Exception {
        Path file = there.resolve("half");
        Process client = SshClient.start("ssh", scene.subsystem());
        client.getOutputStream().write(Packets.INIT);
        client.getOutputStream().write(Packets.open(1, "/web1" + file, 2 | 8));
        client.getOutputStream().write(Packets.open(2, "/web2" + file, 2 | 8));
        client.getOutputStream().flush();
        await().atMost(LIMIT).until(() -> scene.bastion.liveSessions() == 3);
        scene.bastion.awaitAudit(rows -> rows.size() == 2, "files", "--path", file.toString());

        client.destroyForcibly();

        List<JsonNode> records =
                scene.bastion.awaitAudit(
                        rows ->
                                rows.stream().filter(row -> is(row, "write", "unfinished")).count()
                                        == 2,
                        "files",
                        "--path",
                        file.toString());
        // The host may be quick enough to say how its program ended.
        for (JsonNode record : records) {
            scene.bastion.awaitRecord(
                    AuditRecord.SessionEnded.class,
                    end ->
                            end.context().session().value().equals(record.get("session").asString())
                                    && Set.of("closed-by-client", "exited").contains(end.reason()));
        }
    }

    @Test
    void whatIsNotSftpEndsTheSessionWithASentence() {
        SshClient.Result result = scene.raw("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr())
                .isEqualTo(
                        "bastion: your client sent what is not SFTP: a packet of 1195725856 bytes\n");
        succeeds(scene.sftp("ls /web1/tmp"));
    }

    private void awaitRefusal(String target, String reason) {
        scene.bastion.awaitRefusal(
                record -> record.target().equals(target) && record.reason().equals(reason));
    }

    /** The records of files that were written with bytes that came from here. */
    private List<JsonNode> awaitWrites(int count, String pathPart) {
        return scene
                .bastion
                .awaitAudit(
                        rows -> rows.stream().filter(FleetSftpIT::isWritten).count() == count,
                        "files",
                        "--path",
                        pathPart)
                .stream()
                .filter(FleetSftpIT::isWritten)
                .toList();
    }

    private static boolean isWritten(JsonNode row) {
        return is(row, "write", "ok") && row.get("bytes").asLong() > 0;
    }
}
