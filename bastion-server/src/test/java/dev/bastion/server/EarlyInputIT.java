package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.server.RawConnection.RawChannel;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A host that answers late: whatever the client sends before the host is there waits for it, and
 * arrives whole and in order.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class EarlyInputIT {

    /** Four times what a client may send ahead. */
    private static final int EARLY_BYTES = 8 << 20;

    private static final long WINDOW_BYTES = 2 << 20;

    private static final int EARLY_REQUESTS = 1000;

    private static final Duration DELAY = Duration.ofSeconds(2);

    private final RunningBastion bastion;
    private final BadHost late;
    private final BadHost never = BadHost.silent();
    private final Path folder;

    EarlyInputIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        late = BadHost.answering(this::carryLater);
        bastion.addHost("late", late.address(), bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount("late", bastion.login(), bastion.web1().userKeys());
        bastion.grant("late", bastion.login());
        bastion.addSshd("never", bastion.web1());
        bastion.admin("host", "set", "never", "--address", never.address());
    }

    /** To web1, some time after it was asked. */
    private void carryLater(Socket connection) throws IOException {
        LockSupport.parkNanos(DELAY.toNanos());
        try (Socket web1 =
                new Socket(
                        InetAddress.ofLiteral(bastion.web1().address()), bastion.web1().port())) {
            Thread.ofVirtual().start(() -> copy(web1, connection));
            copy(connection, web1);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // Whoever has left is missed by the one who waits for it.
        }
    }

    @AfterAll
    void close() {
        bastion.awaitNothingLeft();
        late.close();
        never.close();
        bastion.close();
    }

    @Test
    void ofACommand() {
        byte[] bytes = random();

        SshClient.Result result = SshClient.run(bastion.ssh("alice+late", "cat"), bytes, LIMIT);

        assertThat(result.exitStatus()).as("%s", result.stderr()).isZero();
        assertThat(result.stdout()).isEqualTo(bytes);
    }

    @Test
    void ofAShellWithoutATerminal() {
        String script = "echo line $((i+=1))\n".repeat(10_000);

        SshClient.Result result =
                SshClient.run(
                        bastion.ssh("alice+late"),
                        script.getBytes(StandardCharsets.US_ASCII),
                        LIMIT);

        assertThat(result.exitStatus()).as("%s", result.stderr()).isZero();
        assertThat(result.text().lines())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 10_000).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void ofABatchOfSftp() throws Exception {
        Path file = Files.write(folder.resolve("file"), random());
        Path copy = folder.resolve("copy");
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of("-b", "-", "alice+late@127.0.0.1"));

        SshClient.Result result =
                SshClient.runProgram(
                        "sftp",
                        words,
                        "put %s %s\nls %2$s\n"
                                .formatted(file, copy)
                                .getBytes(StandardCharsets.US_ASCII),
                        LIMIT);

        assertThat(result.exitStatus()).as("%s", result).isZero();
        assertThat(copy).hasSameBinaryContentAs(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat", "-s sftp", "-T"})
    void noMoreThanAWindowIsTakenForAHostThatNeverAnswers(String what) {
        try (RunningSsh client = RunningSsh.start(bastion.ssh("alice+never", what.split(" ")))) {
            assertThat(client.sendUntilStuck(LIMIT)).isBetween(WINDOW_BYTES, 2 * WINDOW_BYTES);
        }
    }

    @Test
    void ofRequestsWithTheirAnswersInOrder() throws Exception {
        try (RawConnection client = raw()) {
            RawChannel shell = startedShell(client);
            shell.request("window-change", true, new byte[16]);
            shell.request("unknown@example.org", true, new byte[0]);
            shell.request("signal", true, new byte[] {0, 0, 0, 4, 'N', 'O', 'N', 'E'});
            shell.request("env", true, new byte[0]);
            shell.request("break", true, new byte[4]);

            // As OpenSSH's server answers them, which takes no signal for a shell it runs as root.
            assertThat(shell.answer()).isEqualTo("success");
            assertThat(shell.answer()).isEqualTo("failure");
            assertThat(shell.answer()).isEqualTo("failure");
            assertThat(shell.answer()).isEqualTo("failure");
            assertThat(shell.answer()).isEqualTo("success");
        }
    }

    @Test
    void ofASizeFromTheMenu() {
        try (PtySshClient client = bastion.terminal("alice")) {
            client.expectScreen("5 of 5", LIMIT);
            client.send("late\r");
            await().atMost(LIMIT).until(() -> late.open() > 0);
            client.resize(97, 33);
            client.send("stty size\r");

            client.expect("33 97", LIMIT);
            client.send("exit\r");
            client.expectScreen("session ended", LIMIT);
            client.send("\u001b");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void asManyRequestsAsMayWait() throws Exception {
        try (RawConnection client = raw()) {
            RawChannel shell = startedShell(client);
            for (int i = 0; i < EARLY_REQUESTS; i++) {
                shell.request("break", true, new byte[4]);
            }
            for (int i = 0; i < EARLY_REQUESTS; i++) {
                assertThat(shell.answer()).isEqualTo("success");
            }
        }
    }

    @Test
    void oneRequestMoreThanMayWait() throws Exception {
        try (RawConnection client = raw()) {
            RawChannel shell = startedShell(client);
            for (int i = 0; i <= EARLY_REQUESTS; i++) {
                shell.request("break", true, new byte[4]);
            }

            assertThat(client.awaitFarewell()).isEqualTo("too many requests at once");
        }
    }

    private RawConnection raw() throws Exception {
        return new RawConnection("alice+late", bastion.port(), bastion.key("alice"));
    }

    private static RawChannel startedShell(RawConnection client) throws Exception {
        RawChannel shell = client.open("session", new byte[0]);
        assertThat(shell.outcome()).isEqualTo("open");
        byte[] terminal = new byte[4 + 1 + 16 + 5];
        terminal[3] = 1;
        terminal[4] = 'x';
        terminal[24] = 1;
        assertThat(shell.ask("pty-req", terminal)).isEqualTo("success");
        assertThat(shell.ask("shell", new byte[0])).isEqualTo("success");
        return shell;
    }

    private static byte[] random() {
        byte[] bytes = new byte[EARLY_BYTES];
        new Random(EARLY_BYTES).nextBytes(bytes);
        return bytes;
    }
}
