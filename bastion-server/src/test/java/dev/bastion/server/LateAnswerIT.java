package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.LateAnswerHost.Started;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that has a session's output, and says something to it, before the bastion has handed the
 * session over:
 *
 * <pre>
 *   client           bastion             host
 *     │── exec ────────►│── exec ──────────►│
 *     │◄─ data, EOF ────│◄─ data, EOF ──────│
 *     │── CLOSE ───────►│  (waits)          │
 *     │                 │◄─ success ────────│
 *     │                 │── CLOSE ─────────►│
 *     │◄─ exit-status ──│◄─ exit-status ────│
 *     │◄─ CLOSE ────────│◄─ CLOSE ──────────│
 * </pre>
 *
 * <p>With a host as it is, that is one command in a thousand; here the host answers last.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class LateAnswerIT {

    /** What the client says is with the bastion by then; more would do no harm. */
    private static final Duration SAID = Duration.ofMillis(500);

    /** Shorter than what a host may take to answer. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

    private final RunningBastion bastion;
    private final LateAnswerHost host = new LateAnswerHost();
    private final Path folder;

    LateAnswerIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        bastion.addHost("late", host.address(), host.fingerprint());
        bastion.addKeyAccount("late", bastion.login(), bastion.web1().userKeys());
        bastion.grant("late", bastion.login());
    }

    @AfterAll
    void close() {
        bastion.awaitNothingLeft();
        bastion.close();
        host.close();
    }

    /** Nothing of another test: some leave a session of which they want nothing. */
    @BeforeEach
    void forgetOthers() {
        host.started().clear();
        host.answers().clear();
    }

    @Test
    void aClientThatClosesEarlyHearsTheExitStatus() throws Exception {
        try (SharedSsh shared =
                SharedSsh.connect(folder.resolve("shared"), bastion.ssh("alice+late"))) {
            CompletableFuture<SshClient.Result> client =
                    CompletableFuture.supplyAsync(() -> shared.run("true"));
            Started command = next(host.started());
            command.endOutput();
            Thread.sleep(SAID);
            command.answer();
            Thread.sleep(SAID);
            command.exit(7);

            assertThat(client.get(LIMIT.toSeconds(), TimeUnit.SECONDS).exitStatus()).isEqualTo(7);
        }
        assertThat(
                        bastion.awaitRecord(
                                        SessionEnded.class,
                                        ended -> Integer.valueOf(7).equals(ended.exit()))
                                .reason())
                .isEqualTo("exited");
    }

    @Test
    void aHostHearsThatTheReaderLeftEarly() throws Exception {
        Process client = SshClient.start("ssh", bastion.ssh("alice+late", "yes"));
        try {
            Started command = next(host.started());
            command.output(new byte[] {'y', '\n'});
            assertThat(client.getInputStream().read()).isEqualTo('y');
            client.getInputStream().close();
            command.output(new byte[] {'y', '\n'});
            Thread.sleep(SAID);
            command.answer();

            assertThat(next(command.asked()).type()).isEqualTo("eow@openssh.com");
            command.exit(9);
            assertThat(client.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(client.exitValue()).isEqualTo(9);
        } finally {
            client.destroyForcibly();
        }
    }

    @Test
    void aHostHearsOfASizeThatCameEarly() throws Exception {
        try (PtySshClient client =
                PtySshClient.start(bastion.ssh("alice+late", "-tt", "top"), 80, 24, Map.of())) {
            Started command = next(host.started());
            client.resize(100, 30);
            Thread.sleep(SAID);
            command.answer();

            ChannelRequest resized = next(command.asked());
            assertThat(resized.type()).isEqualTo("window-change");
            assertThat(LateAnswerHost.size(resized)).containsExactly(100, 30);
            command.exit(0);
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void aHostHearsOfASizeThatCameEarlyFromTheMenu() throws Exception {
        try (PtySshClient client = bastion.terminal("alice")) {
            client.expectScreen("4 of 4", LIMIT);
            client.send("late\r");
            Started shell = next(host.started());
            client.resize(101, 31);
            Thread.sleep(SAID);
            shell.answer();

            ChannelRequest resized = next(shell.asked());
            assertThat(resized.type()).isEqualTo("window-change");
            assertThat(LateAnswerHost.size(resized)).containsExactly(101, 31);
            shell.exit(0);
            client.expectScreen("session ended", LIMIT);
            client.send("\u001b");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void aHostMayAskBeforeAnythingWasStarted() throws Exception {
        host.answers().clear();
        CompletableFuture<SshClient.Result> client =
                CompletableFuture.supplyAsync(
                        () -> SshClient.run(bastion.ssh("alice+late", "true"), LIMIT));

        Started command = next(host.started());
        command.answer();
        assertThat(next(host.answers())).isEqualTo("failure");
        command.exit(5);
        assertThat(client.get(LIMIT.toSeconds(), TimeUnit.SECONDS).exitStatus()).isEqualTo(5);
    }

    @Test
    void aHostThatClosesBeforeAnythingWasStartedKeepsNobodyWaiting() {
        host.closesAtOnce(true);
        try {
            long begun = System.nanoTime();
            SshClient.Result result = SshClient.run(bastion.ssh("alice+late", "true"), LIMIT);

            assertThat(result.exitStatus()).isEqualTo(255);
            assertThat(result.stderr()).contains("the host did not");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ANSWER_LIMIT);
        } finally {
            host.closesAtOnce(false);
        }
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException, IOException {
        @Nullable T next = queue.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new IOException("nothing came to the host");
        }
        return next;
    }
}
