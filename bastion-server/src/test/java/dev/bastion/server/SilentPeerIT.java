package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.ConnectionEnded;
import dev.bastion.audit.AuditRecord.FileOperated;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A host or a client that is stopped where it is: its connection stays, and nothing comes from it
 * any more. After the limit its session ends. One that has nothing to say is not taken for it.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class SilentPeerIT {

    private static final int SILENCE_SECONDS = 2;
    private static final int HALF_BYTES = 30_000_007;

    /** Takes clients that are told to be slow twenty seconds. */
    private static final int FILE_BYTES = 20 << 20;

    private static final String STOPPED = "the host has stopped answering";
    private static final String OUTPUT_WITHOUT_END = "yes";

    private final Path folder;
    private final RunningBastion bastion;
    private int endsBefore;

    SilentPeerIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Path limits =
                Files.writeString(
                        folder.resolve("bastion.yaml"), "silenceSeconds: " + SILENCE_SECONDS);
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
    }

    @BeforeEach
    void countRecords() {
        endsBefore = bastion.records(SessionEnded.class).size();
    }

    @AfterEach
    void isAsBefore() {
        bastion.web1().resumeConnections();
        assertThat(bastion.run("alice+web1", "echo $RIG_HOST").text()).isEqualTo("web1\n");
        bastion.awaitNothingLeft();
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void commandWhoseHostHangs() {
        try (RunningSsh client = command()) {
            bastion.web1().pauseConnections();

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors()).isEqualTo("bastion: " + STOPPED + "\n");
            assertThat(end().reason()).isEqualTo("host-silent");
        }
    }

    @Test
    void shellFromTheMenuWhoseHostHangs() {
        try (PtySshClient client = bastion.terminal("alice")) {
            client.expectScreen("3 of 3", LIMIT);
            client.send("web1\r");
            client.send("echo rea''dy\r");
            client.expect("[\r\n]ready\r", LIMIT);
            bastion.web1().pauseConnections();

            client.expectScreen("web1: " + STOPPED, LIMIT);
            assertThat(end().reason()).isEqualTo("host-silent");
            client.send("web2\r");
            client.send("echo on=$RIG_HOST=\r");
            client.expect("on=web2=", LIMIT);
            client.send("exit\r");
            client.expectScreen("session ended", LIMIT);
            client.send("\u001b");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void clientThatIsStoppedInTheMiddleOfOutput() {
        try (RunningSsh client = command()) {
            client.signal("-STOP");

            assertThat(end().reason()).isEqualTo("client-silent");
            bastion.awaitNothingLeft();
            assertThat(connectionEnd(end()).reason()).isEqualTo("silent");
        }
    }

    /** When it wakes it finds its connection closed. */
    @ParameterizedTest
    @ValueSource(strings = {"-T", "-tt"})
    void clientThatIsStoppedWhereNothingHappens(String terminal) {
        try (RunningSsh client =
                RunningSsh.start(bastion.ssh("alice+web1", terminal, "echo; exec cat"))) {
            await().atMost(LIMIT).until(() -> client.bytes() > 0);
            client.signal("-STOP");

            assertThat(end().reason()).isEqualTo("client-silent");
            bastion.awaitNothingLeft();
            client.signal("-CONT");
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
        }
    }

    @Test
    void clientThatIsStoppedWithAnOpenFile() throws Exception {
        Path file = folder.resolve("written");
        List<String> words = new ArrayList<>(List.of("-s"));
        words.addAll(bastion.ssh("alice+web1", "sftp"));
        Process client = SshClient.start("ssh", words);
        try (RawSftp files = new RawSftp(client)) {
            files.begin(3);
            RawSftp.Words opening = RawSftp.words().text(file.toString()).number(2 | 8).number(0);
            assertThat(files.ask(RawSftp.OPEN, opening).type()).isEqualTo(RawSftp.HANDLE);
            signal(client, "-STOP");

            assertThat(end().reason()).isEqualTo("client-silent");
            bastion.awaitRecord(
                    FileOperated.class,
                    one -> one.path().equals(file.toString()) && one.result().equals("unfinished"));
            signal(client, "-CONT");
            assertThat(client.waitFor()).isEqualTo(255);
        } finally {
            client.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write"})
    void fileWhoseHostHangs(String operation) throws Exception {
        Path from = Files.createTempFile(folder, "from", "");
        Path to = folder.resolve("to a host that hangs, " + operation);
        SftpScene.fill(from, FILE_BYTES);
        boolean up = operation.equals("write");
        String address = "alice+web1@127.0.0.1:";
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of("-s", "-l", "8000"));
        words.addAll(List.of((up ? "" : address) + from, (up ? address : "") + to));
        Process client = SshClient.start("scp", words);
        try {
            await().atMost(LIMIT).until(() -> to.toFile().length() > 0);
            bastion.web1().pauseConnections();

            assertThat(client.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(client.exitValue()).isNotZero();
            assertThat(client.errorReader().lines()).contains("bastion: " + STOPPED);
            SessionEnded end = end();
            assertThat(end.reason()).isEqualTo("host-silent");
            FileOperated unfinished =
                    bastion.awaitRecord(
                            FileOperated.class,
                            one ->
                                    one.context().equals(end.context())
                                            && one.result().equals("unfinished"));
            assertThat(unfinished.operation()).isEqualTo(operation);
            assertThat(unfinished.bytes()).isBetween(1L, FILE_BYTES - 1L);
        } finally {
            client.destroyForcibly();
        }
    }

    @Test
    void clientThatIsStoppedWithAConnectionToAServer() throws Exception {
        bastion.grant("web1", bastion.login(), "forward");
        try (BadHost server = BadHost.silent();
                RunningSsh client =
                        RunningSsh.start(bastion.ssh("alice+web1", "-W", server.address()))) {
            await().atMost(LIMIT).until(() -> server.open() > 0);
            client.signal("-STOP");

            assertThat(end().reason()).isEqualTo("client-silent");
            await().atMost(LIMIT).until(() -> server.open() == 0);
            client.signal("-CONT");
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
        }
    }

    private static void signal(Process client, String signal) {
        List<String> words = List.of(signal, String.valueOf(client.pid()));
        assertThat(SshClient.runProgram("kill", words, new byte[0], LIMIT).exitStatus()).isZero();
    }

    @Test
    void clientThatIsStoppedForLessThanTheLimitGoesOnWithNoLoss() {
        String half = "head -c %d /dev/zero".formatted(HALF_BYTES);
        try (RunningSsh client =
                RunningSsh.start(bastion.ssh("alice+web1", half + "; sleep 0.5; " + half))) {
            await().atMost(LIMIT).until(() -> client.bytes() > 0);
            client.signal("-STOP");
            LockSupport.parkNanos(Duration.ofSeconds(SILENCE_SECONDS).dividedBy(2).toNanos());
            assertThat(client.bytes()).as("it is in the middle").isLessThan(2L * HALF_BYTES);
            client.signal("-CONT");

            assertThat(client.awaitExit(LIMIT)).isZero();
            await().atMost(LIMIT).until(() -> client.bytes() == 2L * HALF_BYTES);
            assertThat(end().reason()).isEqualTo("exited");
        }
    }

    @Test
    void sessionWithNothingToSayGoesOn() {
        SshClient.Result quiet =
                bastion.run("alice+web1", "sleep " + 3 * SILENCE_SECONDS + "; echo done");

        assertThat(quiet.text()).isEqualTo("done\n");
        assertThat(quiet.exitStatus()).isZero();
    }

    private RunningSsh command() {
        RunningSsh client = RunningSsh.start(bastion.ssh("alice+web1", OUTPUT_WITHOUT_END));
        await().atMost(LIMIT).until(() -> client.bytes() > 20 << 20);
        return client;
    }

    /** The record of the end of this test's first session. */
    private SessionEnded end() {
        return bastion.awaitSessionEnd(endsBefore);
    }

    private ConnectionEnded connectionEnd(SessionEnded session) {
        return bastion.awaitRecord(
                ConnectionEnded.class,
                ended -> ended.connection().equals(session.context().connection()));
    }
}
