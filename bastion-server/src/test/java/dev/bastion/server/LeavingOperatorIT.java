package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.AuditRecord.SessionStarted;
import dev.bastion.audit.AuditRecord.TargetRefused;
import dev.bastion.server.QuietHost.Silence;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An operator whose client is killed while a host is awaited, which says nothing: nobody waits for
 * the host any longer, long before it has used up its time.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class LeavingOperatorIT {

    /** Much longer than a test waits for anything. */
    private static final String LIMITS =
            """
            connectSeconds: 120
            authenticateSeconds: 120
            """;

    private final RunningBastion bastion;
    private final QuietHost host = new QuietHost();
    private int refusalsBefore;
    private int startsBefore;

    LeavingOperatorIT(@TempDir Path folder) throws IOException {
        Path limits = Files.writeString(folder.resolve("bastion.yaml"), LIMITS);
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
        bastion.addHost("quiet", host.address(), host.fingerprint());
        bastion.addKeyAccount("quiet", bastion.login(), bastion.web1().userKeys());
        bastion.grant("quiet", bastion.login());
        bastion.grant("quiet", bastion.login(), "forward");
    }

    @BeforeEach
    void countRecords() {
        refusalsBefore = bastion.records(TargetRefused.class).size();
        startsBefore = bastion.records(SessionStarted.class).size();
    }

    @AfterEach
    void nothingIsLeft() {
        host.silentAt(Silence.NOTHING);
        bastion.admin("host", "set", "quiet", "--address", host.address());
        bastion.awaitNothingLeft();
        assertThat(host.open()).isZero();
    }

    @AfterAll
    void close() {
        bastion.close();
        host.close();
    }

    @Test
    void aHostThatListensAndSaysNothing() {
        try (BadHost silent = BadHost.silent()) {
            bastion.admin("host", "set", "quiet", "--address", silent.address());
            RunningSsh client = RunningSsh.start(bastion.ssh("alice+quiet", "true"));
            await().atMost(LIMIT).until(() -> silent.open() > 0);
            client.close();

            await().atMost(LIMIT).until(() -> silent.open() == 0);
            isRefusedOnce();
        }
    }

    @Test
    void oneThatWasPickedFromTheMenu() {
        try (BadHost silent = BadHost.silent()) {
            bastion.admin("host", "set", "quiet", "--address", silent.address());
            try (PtySshClient client = bastion.terminal("alice")) {
                client.expectScreen("4 of 4", LIMIT);
                client.send("quiet\r");
                await().atMost(LIMIT).until(() -> silent.open() > 0);
            }

            await().atMost(LIMIT).until(() -> silent.open() == 0);
            isRefusedOnce();
        }
    }

    @Test
    void oneThatIsADirectoryOfAllHosts() throws Exception {
        try (BadHost silent = BadHost.silent()) {
            bastion.admin("host", "set", "quiet", "--address", silent.address());
            List<String> words = new ArrayList<>(List.of("-s"));
            words.addAll(bastion.ssh("alice", "sftp"));
            Process client = SshClient.start("ssh", words);
            try (RawSftp files = new RawSftp(client)) {
                files.begin(3);
                files.send(RawSftp.STAT, RawSftp.words().text("/quiet/etc"));
                await().atMost(LIMIT).until(() -> silent.open() > 0);
                client.destroyForcibly();

                await().atMost(LIMIT).until(() -> silent.open() == 0);
                isRefusedOnce();
            } finally {
                client.destroyForcibly();
            }
        }
    }

    /** Several sessions wait for one connection. */
    @Test
    void sessionsOfOneConnection(@TempDir Path folder) {
        try (BadHost silent = BadHost.silent()) {
            bastion.admin("host", "set", "quiet", "--address", silent.address());
            List<RunningSsh> clients = new ArrayList<>();
            try (SharedSsh shared =
                    SharedSsh.connect(folder.resolve("shared"), bastion.ssh("alice+quiet"))) {
                for (int i = 0; i < 3; i++) {
                    clients.add(RunningSsh.start(shared.ssh("true")));
                }
                await().atMost(LIMIT).until(() -> silent.open() > 0);
            }

            await().atMost(LIMIT).until(() -> silent.open() == 0);
            clients.forEach(RunningSsh::close);
        }
    }

    /**
     * The client and its connection stay, and one of the sessions that wait is no longer wanted.
     */
    @Test
    void oneSessionOfAConnectionThatStays(@TempDir Path folder) {
        try (BadHost silent = BadHost.silent();
                SharedSsh shared =
                        SharedSsh.connect(folder.resolve("shared"), bastion.ssh("alice+quiet"))) {
            bastion.admin("host", "set", "quiet", "--address", silent.address());
            RunningSsh first = RunningSsh.start(shared.ssh("true"));
            await().atMost(LIMIT).until(() -> silent.open() == 1);
            try (RunningSsh _ = RunningSsh.start(shared.ssh("true"))) {
                await().atMost(LIMIT)
                        .until(() ->
                                bastion.sessionThreads().stream()
                                                .filter(thread -> thread.contains("session-"))
                                                .count()
                                        == 2);
                first.close();
                isRefusedOnce();
                assertThat(silent.open()).as("still awaited by the other").isEqualTo(1);
            }

            await().atMost(LIMIT).until(() -> silent.open() == 0);
            await().atMost(LIMIT)
                    .until(() -> bastion.records(TargetRefused.class).size() == refusalsBefore + 2);
            assertThat(shared.run("-O", "check").exitStatus()).isZero();
        }
    }

    @Test
    void aSessionThatAHostDoesNotOpenOfAConnectionThatStays(@TempDir Path folder)
            throws InterruptedException {
        try (SharedSsh shared =
                SharedSsh.connect(folder.resolve("shared"), bastion.ssh("alice+quiet"))) {
            host.silentAt(Silence.SESSION);
            try (RunningSsh _ = RunningSsh.start(shared.ssh("true"))) {
                assertThat(host.unanswered().poll(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(Silence.SESSION);
            }

            isRefusedOnce();
            assertThat(bastion.records(SessionStarted.class)).hasSize(startsBefore);
            assertThat(shared.run("-O", "check").exitStatus()).isZero();
        }
    }

    /** The host's connection has room for as many sessions as before. */
    @Test
    void aSessionThatAHostDoesNotOpenBesideAnother(@TempDir Path folder)
            throws InterruptedException {
        try (SharedSsh shared =
                        SharedSsh.connect(folder.resolve("shared"), bastion.ssh("alice+quiet"));
                RunningSsh _ = RunningSsh.start(shared.ssh("first"))) {
            awaitStarted(1);
            host.silentAt(Silence.SESSION);
            try (RunningSsh _ = RunningSsh.start(shared.ssh("left"))) {
                assertThat(host.unanswered().poll(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(Silence.SESSION);
            }
            isRefusedOnce();
            host.silentAt(Silence.NOTHING);
            try (RunningSsh _ = RunningSsh.start(shared.ssh("next"))) {
                awaitStarted(2);
                assertThat(host.open()).as("connections to the host").isEqualTo(1);
            }
        }
    }

    private void awaitStarted(int sessions) {
        await().atMost(LIMIT)
                .until(
                        () -> bastion.records(SessionStarted.class).size() - startsBefore,
                        started -> started == sessions);
    }

    @Test
    void aHostWhoseTcpGivesNoAnswer() throws Exception {
        try (BadHost away = BadHost.unreachable()) {
            bastion.admin("host", "set", "quiet", "--address", away.address());
            try (RunningSsh _ = RunningSsh.start(bastion.ssh("alice+quiet", "true"))) {
                TimeUnit.SECONDS.sleep(1);
            }

            isRefusedOnce();
        }
    }

    @ParameterizedTest
    @CsvSource({"LOGIN, true", "SESSION, true"})
    void aHostThatIsSilentBeforeASession(Silence silence, String command) throws Exception {
        leaveAt(silence, command);

        isRefusedOnce();
        assertThat(bastion.records(SessionStarted.class)).hasSize(startsBefore);
    }

    @ParameterizedTest
    @CsvSource({
        "START, true",
        "START, -tt top",
        "CONNECTION, -W 127.0.0.1:9",
        "LISTENING, -N -R 0:127.0.0.1:9"
    })
    void aHostThatIsSilentWhenASessionHasBegun(Silence silence, String command) throws Exception {
        leaveAt(silence, command);

        await().atMost(LIMIT)
                .until(() -> bastion.records(SessionStarted.class).size() > startsBefore);
        SessionStarted start = bastion.records(SessionStarted.class).get(startsBefore);
        SessionEnded end =
                bastion.awaitRecord(
                        SessionEnded.class, one -> one.context().equals(start.context()));
        assertThat(end.reason()).isEqualTo("closed-by-client");
    }

    /** Kills a client when the host has been asked for what it does not answer. */
    private void leaveAt(Silence silence, String command) throws InterruptedException {
        host.silentAt(silence);
        try (RunningSsh _ = RunningSsh.start(bastion.ssh("alice+quiet", command.split(" ")))) {
            assertThat(host.unanswered().poll(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(silence);
        }
        await().atMost(LIMIT).until(() -> host.open() == 0);
    }

    private void isRefusedOnce() {
        await().atMost(LIMIT)
                .until(() -> bastion.records(TargetRefused.class).size() > refusalsBefore);
        List<TargetRefused> all = bastion.records(TargetRefused.class);
        assertThat(all.subList(refusalsBefore, all.size()))
                .singleElement()
                .satisfies(refused -> {
                    assertThat(refused.user()).isEqualTo("alice");
                    assertThat(refused.target()).contains("quiet");
                    assertThat(refused.reason()).isEqualTo("closed-by-client");
                    assertThat(refused.detail()).isEqualTo("the client is gone");
                });
    }
}
