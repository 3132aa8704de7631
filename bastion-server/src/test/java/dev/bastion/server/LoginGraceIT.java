package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.LoginAttempted;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Who does not log in within the time is sent away, whatever is said meanwhile. */
@TestInstance(Lifecycle.PER_CLASS)
final class LoginGraceIT {

    private static final Duration GRACE = Duration.ofSeconds(3);

    /** MINA looks for it each second. */
    private static final Duration STEP = Duration.ofSeconds(1);

    private static final String PASSWORD = "typed-Narwhal.5518";

    private final RunningBastion bastion;

    LoginGraceIT(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("bastion.yaml"),
                        "loginGraceSeconds: " + GRACE.toSeconds() + "\n");
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), file, "127.0.0.1:0"));
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void endsOneThatOnlyIdentifiesItself() {
        assertThat(untilClosed("SSH-2.0-raw\r\n")).isBetween(GRACE.minus(STEP), LIMIT);
    }

    @Test
    void endsOneThatSaysNothing() {
        assertThat(untilClosed("")).isBetween(GRACE.minus(STEP), LIMIT);
    }

    @Test
    void takesNoPasswordThatComesLater() throws Exception {
        bastion.adminWith(PASSWORD + "\n", "user", "password", "set", "alice");
        List<String> words = new ArrayList<>(List.of("-o", "BatchMode=no"));
        words.addAll(List.of("-o", "PreferredAuthentications=password"));
        words.addAll(bastion.ssh("alice+web1", "echo in"));
        try (PtySshClient client = PtySshClient.start(words)) {
            client.expect("assword:", LIMIT);
            Thread.sleep(GRACE.plus(STEP.multipliedBy(2)));
            client.send(PASSWORD + "\r");

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.transcript()).doesNotContain("in\r\n");
        }
        assertThat(bastion.records(LoginAttempted.class))
                .noneMatch(login -> login.method().equals("password"));
        try (PtySshClient client = PtySshClient.start(words)) {
            client.expect("assword:", LIMIT);
            client.send(PASSWORD + "\r");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void endsOneThatTalksOnAfterTheKeyExchange() throws Exception {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
            client.start();
            long begun = System.nanoTime();
            ClientSession talking =
                    client.connect("alice", "127.0.0.1", bastion.port()).verify(LIMIT).getSession();
            talking.waitFor(EnumSet.of(ClientSessionEvent.WAIT_AUTH), LIMIT);
            await().atMost(LIMIT)
                    .until(() -> {
                        if (talking.isOpen()) {
                            talking.sendIgnoreMessage(new byte[100]);
                        }
                        return !talking.isOpen();
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(GRACE.minus(STEP), GRACE.plus(STEP.multipliedBy(3)));
        }
    }

    private Duration untilClosed(String said) {
        long begun = System.nanoTime();
        try (RawClient client = RawClient.connect(bastion.port(), "127.0.0.1", LIMIT)) {
            client.send(said).untilClosed();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void leavesOneAloneThatHasLoggedIn() {
        assertThat(
                        bastion.run(
                                        "alice+web1",
                                        "sleep "
                                                + GRACE.plus(STEP.multipliedBy(2)).toSeconds()
                                                + "; echo in")
                                .text())
                .isEqualTo("in\n");
    }
}
