package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.audit.AuditRecord.LineDecided;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Sessions in which nobody does anything end after a while, and so do those that last too long. */
@TestInstance(Lifecycle.PER_CLASS)
final class IdleLimitIT {

    private static final String LIMITS = "idleSeconds: 3\nsessionSeconds: 6\n";
    private static final String WARNING = "this session has been idle for 1 second";
    private static final String IDLE = "the session was idle for 3 seconds";
    private static final String WARNING_OF_TIME = "this session ends in 3 seconds";
    private static final String TOO_LONG = "the session has lasted 6 seconds, which is its limit";

    private final RunningBastion bastion;
    private int endsBefore;

    IdleLimitIT(@TempDir Path folder) throws IOException {
        Path limits = Files.writeString(folder.resolve("bastion.yaml"), LIMITS);
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
        bastion.grant("web2", bastion.login(), "forward");
    }

    @BeforeEach
    void countRecords() {
        endsBefore = bastion.records(SessionEnded.class).size();
    }

    @AfterEach
    void nothingIsLeft() {
        bastion.awaitNothingLeft();
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void aShellWithoutKeysIsWarnedAndEndedWhateverTheHostShows() {
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            client.send("while sleep 0.1; do printf '\\033[31mx\\033[0m'; done\r");

            client.expect("\r\nbastion: " + WARNING + "[^\r\n]*\r\n", LIMIT);
            client.expect("\r\nbastion: " + IDLE + "\r\n", LIMIT);
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.transcript()).doesNotContainPattern("\033(\\[[0-9]*)?\r\nbastion:");
        }
        assertThat(end()).isEqualTo("idle");
        assertThat(bastion.records(LineDecided.class))
                .isNotEmpty()
                .noneMatch(line -> line.command().contains("bastion:"));
    }

    @Test
    void keysKeepAShellUntilItsTimeLimit() {
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            for (int i = 0; !client.transcript().contains(TOO_LONG); i++) {
                client.send("echo n" + i + "=$RIG_HOST=\r");
                client.expect("n" + i + "=web1=|" + TOO_LONG, LIMIT);
                client.expect(WARNING + "|" + WARNING_OF_TIME + "|" + TOO_LONG, LIMIT);
            }
            assertThat(client.transcript())
                    .contains(WARNING, WARNING_OF_TIME + ": it may last 6 seconds")
                    .doesNotContain(IDLE);
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
        }
        assertThat(end()).isEqualTo("time-limit");
    }

    @Test
    void anIdleSessionFromTheMenuComesBackToItAndTheMenuIsClosedToo() {
        try (PtySshClient client = bastion.terminal("alice")) {
            client.expectScreen("3 of 3", LIMIT);
            client.send("web1\r");
            client.send("echo rea''dy\r");
            client.expect("[\r\n]ready\r", LIMIT);

            client.expectScreen("web1: " + IDLE, LIMIT);
            client.expectScreen("no key was pressed for 3 seconds; the menu was closed", LIMIT);
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
        }
        assertThat(end()).isEqualTo("idle");
    }

    @Test
    void aCommandThatSaysNothingIsWarnedOnStandardErrorAndEnded() {
        SshClient.Result result = bastion.run("alice+web1", "echo one; sleep 60");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.text()).isEqualTo("one\n");
        assertThat(result.stderr())
                .startsWith("bastion: " + WARNING)
                .endsWith("\nbastion: " + IDLE + "\n");
        assertThat(end()).isEqualTo("idle");
    }

    @Test
    void outputKeepsACommandUntilItsTimeLimit() {
        SshClient.Result result =
                bastion.run("alice+web1", "for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 1; done");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.text()).startsWith("1\n2\n3\n4\n");
        assertThat(result.stderr()).endsWith("\nbastion: " + TOO_LONG + "\n");
        assertThat(end()).isEqualTo("time-limit");
    }

    @Test
    void aClientThatTakesNothingIsIdle() {
        try (RunningSsh client = RunningSsh.start(bastion.ssh("alice+web1", "cat /dev/zero"))) {
            await().atMost(LIMIT).until(() -> client.bytes() > 1 << 20);
            client.signal("-STOP");

            assertThat(end()).isEqualTo("idle");
        }
    }

    @Test
    void aForwardedConnectionWithoutTrafficEnds() throws IOException {
        try (ServerSocket quiet = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                RunningSsh client =
                        RunningSsh.start(
                                bastion.ssh(
                                        "alice+web2", "-W", "127.0.0.1:" + quiet.getLocalPort()))) {
            assertThat(end()).isEqualTo("idle");
            assertThat(client.awaitExit(LIMIT)).isNotNegative();
        }
    }

    @Test
    void aPortThatNobodyUsesIsListenedOnNoMore() {
        try (RunningSsh client =
                RunningSsh.start(bastion.ssh("alice+web2", "-N", "-R", "0:127.0.0.1:1"))) {
            assertThat(end()).isEqualTo("idle");
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors())
                    .containsPattern(
                            "web2 listens no more on localhost:\\d+: the session was idle");
        }
    }

    @Test
    void aPortThatIsUsedIsListenedOnUntilItsTimeLimit() throws Exception {
        int port = FreePort.find();
        String listen = port + ":127.0.0.1:1";
        try (RunningSsh client = RunningSsh.start(bastion.ssh("alice+web2", "-N", "-R", listen))) {
            ForwardOpened opened =
                    bastion.awaitRecord(
                            ForwardOpened.class,
                            record -> record.destination().equals("localhost:" + port));
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        use(port);
                        return reason(opened) != null;
                    });

            assertThat(reason(opened)).isEqualTo("time-limit");
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors()).contains("web2 listens no more on localhost:" + port);
        }
    }

    /** Connects, as long as it is listened on; nobody is there at the client's side. */
    private static void use(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (IOException e) {
            // It is over, or not begun.
        }
    }

    private @Nullable String reason(ForwardOpened opened) {
        return bastion.records(SessionEnded.class).stream()
                .filter(end -> end.context().session().equals(opened.context().session()))
                .map(SessionEnded::reason)
                .findFirst()
                .orElse(null);
    }

    @Test
    void anIdleSftpEnds() {
        try (RunningSsh client = RunningSsh.start(bastion.ssh("alice+web1", "-s", "sftp"))) {
            assertThat(end()).isEqualTo("idle");
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors()).isEqualTo("bastion: " + IDLE + "\n");
        }
    }

    /** Why this test's session ended. */
    private String end() {
        await().atMost(LIMIT).until(() -> bastion.records(SessionEnded.class).size() > endsBefore);
        return bastion.records(SessionEnded.class).get(endsBefore).reason();
    }
}
