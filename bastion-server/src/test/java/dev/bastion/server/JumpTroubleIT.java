package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.DelayingProxy;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A connection inside another whose client, or whose host, is gone or says nothing any more. */
@TestInstance(Lifecycle.PER_CLASS)
final class JumpTroubleIT {

    private static final String OUTPUT_WITHOUT_END = "yes";
    private static final long WINDOW_BYTES = 2 << 20;

    /** More than a client may send ahead. */
    private static final int EARLY_BYTES = 4 << 20;

    /** Each answer of a host, which gives several before it takes anything. */
    private static final Duration LATE = Duration.ofMillis(200);

    private final JumpScene scene;
    private final RunningBastion bastion;
    private final BadHost never = BadHost.silent();
    private int endsBefore;

    JumpTroubleIT(@TempDir Path folder) throws IOException {
        Path limits =
                Files.writeString(
                        folder.resolve("bastion.yaml"),
                        "silenceSeconds: 2\nauthenticateSeconds: 5\n");
        scene =
                new JumpScene(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
        bastion = scene.bastion;
    }

    @BeforeEach
    void countRecords() {
        endsBefore = bastion.records(SessionEnded.class).size();
    }

    @AfterEach
    void isAsBefore() {
        bastion.web1().resumeConnections();
        assertThat(scene.ssh(web1(), "echo $RIG_HOST").text()).isEqualTo("web1\n");
        bastion.awaitNothingLeft();
    }

    @AfterAll
    void close() {
        never.close();
        scene.close();
    }

    @Test
    void commandWhoseHostIsKilled() {
        try (RunningSsh client = command()) {
            bastion.web1().killConnections();

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors()).contains("bastion: the connection to the host was lost\n");
            assertThat(end().reason()).isEqualTo("host-lost");
        }
    }

    @Test
    void commandWhoseHostHangs() {
        try (RunningSsh client = command()) {
            bastion.web1().pauseConnections();

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors()).contains("bastion: the host has stopped answering\n");
            assertThat(end().reason()).isEqualTo("host-silent");
        }
    }

    /** The client of the outer connection is another process, and leaves by itself. */
    @Test
    void commandWhoseClientIsKilled() {
        RunningSsh client = command();
        client.close();

        assertThat(end().reason()).isEqualTo("closed-by-client");
    }

    /** That of the outer connection still answers. */
    @Test
    void commandWhoseClientIsStopped() {
        try (RunningSsh client = command()) {
            client.signal("-STOP");

            assertThat(end().reason()).isEqualTo("client-silent");
            await().atMost(LIMIT).until(() -> bastion.web1().clients() == 0);
            client.signal("-CONT");
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
        }
    }

    @Test
    void whatIsSentBeforeTheHostIsThereArrivesWhole() {
        byte[] bytes = new byte[EARLY_BYTES];
        new Random(9).nextBytes(bytes);
        try (DelayingProxy late =
                new DelayingProxy(bastion.web1().address(), bastion.web1().port())) {
            late.delay(LATE);
            bastion.admin("host", "set", "web1", "--address", late.address());

            SshClient.Result result = scene.ssh(scene.home(), bytes, web1(), "cat");
            assertThat(result.exitStatus()).as(result::stderr).isZero();
            assertThat(result.stdout()).isEqualTo(bytes);
        } finally {
            bastion.admin("host", "set", "web1", "--address", address());
        }
    }

    @Test
    void noMoreThanAWindowIsTakenForAHostThatNeverAnswers() {
        bastion.admin("host", "set", "web1", "--address", never.address());
        try (RunningSsh client = start("cat")) {
            await().atMost(LIMIT).until(() -> never.open() > 0);
            assertThat(client.sendUntilStuck(LIMIT)).isBetween(WINDOW_BYTES, 2 * WINDOW_BYTES);
        } finally {
            bastion.admin("host", "set", "web1", "--address", address());
        }
    }

    private String address() {
        return bastion.web1().address() + ":" + bastion.web1().port();
    }

    private String web1() {
        return bastion.login() + "@web1";
    }

    private RunningSsh command() {
        RunningSsh client = start(OUTPUT_WITHOUT_END);
        await().atMost(LIMIT).until(() -> client.bytes() > 4 << 20);
        return client;
    }

    private RunningSsh start(String command) {
        List<String> words = new ArrayList<>(scene.home());
        words.addAll(List.of(web1(), command));
        return RunningSsh.start(words);
    }

    /** The record of the end of this test's first session. */
    private SessionEnded end() {
        return bastion.awaitSessionEnd(endsBefore);
    }
}
