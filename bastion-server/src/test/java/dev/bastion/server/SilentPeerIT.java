package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.ConnectionEnded;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host or a client that is stopped where it is: its connection stays, and nothing comes from it
 * any more. After the limit its session ends. One that has nothing to say is not taken for it.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class SilentPeerIT {

    private static final int SILENCE_SECONDS = 2;
    private static final int HALF_BYTES = 30_000_007;
    private static final String STOPPED = "the host has stopped answering";
    private static final String OUTPUT_WITHOUT_END = "yes";

    private final RunningBastion bastion;
    private int endsBefore;

    SilentPeerIT(@TempDir Path folder) throws IOException {
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

    @Test
    void clientThatIsStoppedWhereNothingHappens() {
        try (RunningSsh client = RunningSsh.start(bastion.ssh("alice+web1", "echo; exec cat"))) {
            await().atMost(LIMIT).until(() -> client.bytes() > 0);
            client.signal("-STOP");

            assertThat(end().reason()).isEqualTo("client-silent");
        }
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
        await().atMost(LIMIT).until(() -> bastion.records(SessionEnded.class).size() > endsBefore);
        return bastion.records(SessionEnded.class).get(endsBefore);
    }

    private ConnectionEnded connectionEnd(SessionEnded session) {
        return bastion.awaitRecord(
                ConnectionEnded.class,
                ended -> ended.connection().equals(session.context().connection()));
    }
}
