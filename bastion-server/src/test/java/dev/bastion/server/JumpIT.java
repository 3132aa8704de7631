package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.AuditRecord.LoginAttempted;
import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** OpenSSH's {@code ProxyJump} over the bastion to real hosts. */
@TestInstance(Lifecycle.PER_CLASS)
final class JumpIT {

    private final JumpScene scene;
    private final RunningBastion bastion;
    private final Path folder;
    private final String login;

    JumpIT(@TempDir Path folder) {
        this.folder = folder;
        scene = new JumpScene(folder, settings -> settings);
        bastion = scene.bastion;
        login = bastion.login();
        bastion.addHost(
                "secret",
                bastion.web1().address() + ":" + bastion.web1().port(),
                bastion.web1().hostKey().fingerprint());
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void runsACommandAndRecordsItLikeAnyOther() {
        SshClient.Result result = scene.ssh(login + "@web1", "echo $RIG_HOST jumped; exit 7");

        assertThat(result.text()).isEqualTo("web1 jumped\n");
        assertThat(result.exitStatus()).as("%s", result).isEqualTo(7);
        JsonNode row =
                bastion.awaitAudit(
                                rows -> rows.size() == 1 && rows.getFirst().has("exit"),
                                "commands",
                                "--grep",
                                "jumped")
                        .getFirst();
        assertThat(row.get("user").asString()).isEqualTo("alice");
        assertThat(row.get("host").asString()).isEqualTo("web1");
        assertThat(row.get("account").asString()).isEqualTo(login);
        assertThat(row.get("from").asString()).isEqualTo("127.0.0.1");
    }

    @Test
    void aJumpIsALoginOfItsOwnWithTheSameKeyAndNamesTheConnectionItIsIn() {
        scene.ssh(login + "@web2", "true");

        LoginAttempted inner =
                bastion.awaitRecord(
                        LoginAttempted.class, one -> one.reason().startsWith("inside connection "));
        assertThat(inner.accepted()).isTrue();
        assertThat(inner.user()).isEqualTo("alice");
        assertThat(inner.method()).isEqualTo("publickey");
        String outer = inner.reason().substring("inside connection ".length());
        assertThat(bastion.records(LoginAttempted.class))
                .anySatisfy(login -> {
                    assertThat(login.connection().value()).isEqualTo(outer);
                    assertThat(login.credential()).isEqualTo(inner.credential());
                    assertThat(login.reason()).isEmpty();
                });
    }

    @Test
    void servesATerminal() {
        List<String> words = new ArrayList<>(scene.home());
        words.addAll(List.of("-tt", login + "@web1"));
        try (PtySshClient client = PtySshClient.start(words)) {
            client.send("echo rea''dy; stty size\r");
            client.expect("ready\r\n24 80\r\n", LIMIT);
            client.resize(100, 30);
            client.send("stty size; exit 3\r");
            client.expect("30 100\r\n", LIMIT);
            assertThat(client.awaitExit(LIMIT)).isEqualTo(3);
        }
        bastion.awaitAudit(rows -> rows.size() == 1, "commands", "--grep", "size;.exit");
    }

    @Test
    void carriesBytesBothWaysWhileKeysAreExchangedOnBothLevels() {
        byte[] bytes = random(20_000_000);

        SshClient.Result result =
                scene.ssh(scene.home("RekeyLimit 1M"), bytes, login + "@web1", "cat");

        assertThat(result.exitStatus()).as("%s", result.stderr()).isZero();
        assertThat(result.stdout()).isEqualTo(bytes);
    }

    @Test
    void copiesFilesWithTheirRecords() throws IOException {
        Path here = folder.resolve("jumped here");
        Path there = folder.resolve("jumped there");
        Files.write(here, random(300_000));

        SshClient.Result put =
                JumpScene.run(
                        "scp",
                        scene.home(),
                        new byte[0],
                        here.toString(),
                        login + "@web1:" + there);
        assertThat(put.exitStatus()).as("%s", put).isZero();
        SshClient.Result get =
                JumpScene.run(
                        "sftp",
                        scene.home(),
                        "get \"%s\" \"%s\"\n".formatted(there, here + " again").getBytes(UTF_8),
                        "-b",
                        "-",
                        login + "@web1");
        assertThat(get.exitStatus()).as("%s", get).isZero();

        assertThat(Path.of(here + " again")).hasSameBinaryContentAs(here);
        bastion.awaitAudit(
                rows ->
                        rows.stream()
                                        .filter(row -> row.get("sha256").asString().length() == 64)
                                        .count()
                                == 2,
                "files",
                "--path",
                "'*jumped there'");
    }

    @Test
    void findsAHostByItsAddressAsAnExistingConfigurationHasIt() {
        String address = "HostName " + bastion.web2().address();
        String port = "Port " + bastion.web2().port();

        SshClient.Result result =
                scene.ssh(
                        scene.home(address, port, "HostKeyAlias web2"),
                        new byte[0],
                        login + "@anything",
                        "echo $RIG_HOST");

        assertThat(result.text()).as("%s", result).isEqualTo("web2\n");
    }

    @Test
    void theUsersOwnNameMeansTheOnlyAccount() {
        SshClient.Result result = scene.ssh("alice@web2", "echo $RIG_HOST as $(id -un)");

        assertThat(result.text()).as("%s", result).isEqualTo("web2 as " + login + "\n");
    }

    @Test
    void anUnknownAndAnUngrantedHostAreRefusedInTheSameWords() {
        SshClient.Result ungranted = scene.ssh(login + "@secret", "true");
        SshClient.Result unknown = scene.ssh(login + "@nowhere", "true");

        assertThat(ungranted.exitStatus()).isEqualTo(255);
        assertThat(unknown.exitStatus()).isEqualTo(255);
        assertThat(ungranted.stderr()).contains("there is no secret:22 that you may reach");
        assertThat(unknown.stderr()).isEqualTo(ungranted.stderr().replace("secret", "nowhere"));
        bastion.awaitRefusal(refused ->
                refused.target().equals("secret:22") && refused.reason().equals("not-granted"));
        bastion.awaitRefusal(refused ->
                refused.target().equals("nowhere:22") && refused.reason().equals("unknown"));
    }

    @Test
    void anotherPortOfAHostIsNoHost() {
        SshClient.Result result = scene.ssh("-p", "25", login + "@web1", "true");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("there is no web1:25 that you may reach");
    }

    @Test
    void anUngrantedAccountIsRefused() {
        SshClient.Result result = scene.ssh("postgres@web1", "true");

        assertThat(result.exitStatus()).isNotZero();
        assertThat(result.stderr()).contains("there is no web1 that you may reach with this");
    }

    @Test
    void anotherKeyOfTheSameUserDoesNotLogInInside() {
        Keys other = Keys.ed25519(folder, "alice-other");
        bastion.admin("user", "key", "add", "alice", other.publicLine());

        SshClient.Result result =
                scene.ssh(
                        scene.home(bastion.key("alice"), other, "BatchMode yes"),
                        new byte[0],
                        login + "@web1",
                        "true");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("Permission denied (publickey)");
        bastion.awaitRecord(
                LoginAttempted.class,
                one ->
                        !one.accepted()
                                && one.user().equals("alice")
                                && one.reason().contains("inside")
                                && one.credential().equals(other.publicKey().fingerprint()));
    }

    @Test
    void eachHostHasAKeyOfItsOwn() {
        List<String> keys =
                scene.knownHosts().stream()
                        .map(line -> line.substring(line.indexOf(' ')))
                        .distinct()
                        .toList();

        assertThat(keys).hasSize(4);
    }

    @Test
    void theKeysOfHostsThatAreNotGrantedAreNotTold() {
        String told = bastion.run("alice", "hosts", "--known-hosts").text();

        assertThat(told).contains("web1", "web2", "build").doesNotContain("secret");
        assertThat(told.lines()).hasSize(3);
    }

    @Test
    void forwardsOnlyWithTheRight() {
        SshClient.Result result =
                scene.ssh(scene.home(), new byte[0], "-W", "127.0.0.1:22", login + "@web1");

        assertThat(result.exitStatus()).isNotZero();
        bastion.awaitRefusal(refused -> refused.detail().contains("forward"));
        assertThat(bastion.records(AuditRecord.ForwardOpened.class)).isEmpty();
    }

    @Test
    void manyJumpsAtOnceAndManySessionsInOne() throws IOException {
        Path socket = Files.createTempDirectory("jump").resolve("s");
        List<String> shared =
                scene.home("ControlMaster auto", "ControlPath " + socket, "ControlPersist 2");
        List<Thread> clients = new ArrayList<>();
        List<Integer> statuses = new ArrayList<>();
        scene.ssh(shared, new byte[0], login + "@web1", "true");
        for (int i = 0; i < 10; i++) {
            List<String> options = i % 2 == 0 ? shared : scene.home();
            clients.add(
                    Thread.startVirtualThread(() -> {
                        int status =
                                scene.ssh(options, new byte[0], login + "@web1", "exit 9")
                                        .exitStatus();
                        synchronized (statuses) {
                            statuses.add(status);
                        }
                    }));
        }
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        scene.ssh(shared, new byte[0], "-O", "exit", login + "@web1");

        assertThat(statuses).hasSize(10).containsOnly(9);
    }

    @Test
    void aClientThatStopsReadingHoldsTheHostBack() {
        Path count = folder.resolve("mebibytes");
        List<String> words = new ArrayList<>(scene.home());
        words.add(login + "@web1");
        words.add(
                "i=0; while head -c 1048576 /dev/zero; do i=$((i+1)); echo $i > '%s'; done"
                        .formatted(count));
        try (RunningSsh client = RunningSsh.start(words)) {
            await().atMost(LIMIT).until(() -> client.bytes() > 30_000_000);
            client.signal("-STOP");
            AtomicLong before = new AtomicLong(-1);
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        long now = mebibytes(count);
                        return before.getAndSet(now) == now;
                    });
            long sent = before.get() << 20;
            long seen = client.bytes();
            assertThat(sent - seen).as("bytes on the way").isLessThan(24 << 20);
            client.signal("-CONT");
            await().atMost(LIMIT).until(() -> client.bytes() > seen + 30_000_000);
        }
    }

    private static long mebibytes(Path count) throws IOException {
        String text = Files.readString(count).strip();
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
