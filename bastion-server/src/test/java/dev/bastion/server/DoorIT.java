package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.RawClient;
import dev.bastion.server.rig.RunningSsh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operators' door against connections that say nothing, or what no SSH client says. */
@TestInstance(Lifecycle.PER_CLASS)
final class DoorIT {

    private static final Duration LIMIT = RunningBastion.LIMIT;
    private static final String IDENTIFICATION = "SSH-2.0-OpenSSH_9.9 Bastion";
    private static final int EACH = 3;

    private final RunningBastion bastion;
    private final List<RawClient> clients = new ArrayList<>();

    DoorIT(@TempDir Path folder) throws IOException {
        Path limits = folder.resolve("limits.yaml");
        Files.writeString(
                limits,
                """
                maxStartups: 4:100:4
                startupsPerAddress: 2
                connectionsPerAddress: %d
                """
                        .formatted(EACH));
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
    }

    @AfterEach
    void leave() {
        clients.forEach(RawClient::close);
        clients.clear();
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void refusesOneAboveTheStartupsOfAnAddressWithoutAWord() {
        letIn("127.0.0.5");
        letIn("127.0.0.5");

        assertThat(from("127.0.0.5").untilClosed()).isEmpty();
        letIn("127.0.0.6");
    }

    @Test
    void refusesEveryoneWhenTheStartupsAreFullUntilOneLeaves() {
        for (String address : List.of("127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8")) {
            letIn(address);
        }
        assertThat(from("127.0.0.9").untilClosed()).isEmpty();

        clients.getFirst().close();

        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(from("127.0.0.9").line()).isEqualTo(IDENTIFICATION));
    }

    @Test
    void countsAConnectionThatLoggedInForItsAddressAndNotAsAStartup() {
        List<RunningSsh> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < EACH; i++) {
                RunningSsh session =
                        RunningSsh.start(bastion.ssh("alice+web1", "echo in; exec cat"));
                sessions.add(session);
                await().atMost(LIMIT).until(() -> session.bytes() == "in\n".length());
            }
            for (String address : List.of("127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8")) {
                letIn(address);
            }
            leave();

            assertThat(from("127.0.0.1").untilClosed()).isEmpty();
        } finally {
            sessions.forEach(RunningSsh::close);
        }
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(from("127.0.0.1").line()).isEqualTo(IDENTIFICATION));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "\r\n",
                "\n",
                "SSH\r\n",
                "SSH-1.5-old\r\n",
                "SSH-2.0-a\u0000b\r\n",
                "\r\n\r\n\u0000\r\nQUIT\n!\u0011\u0000\u000c"
            })
    void endsWhatDoesNotBeginAsAClient(String text) {
        assertThat(letIn("127.0.0.5").send(text).untilClosed()).isNotNull();
    }

    @Test
    void endsAnIdentificationThatIsTooLong() {
        letIn("127.0.0.5").send("SSH-2.0-" + "x".repeat(300)).untilClosed();
    }

    @Test
    void endsAPacketThatIsTooLong() {
        letIn("127.0.0.5").send("SSH-2.0-raw\r\n").send("\u007f".repeat(1 << 20)).untilClosed();
    }

    private RawClient letIn(String address) {
        RawClient client = from(address);
        assertThat(client.line()).as("from %s", address).isEqualTo(IDENTIFICATION);
        return client;
    }

    private RawClient from(String address) {
        RawClient client = RawClient.connect(bastion.port(), address, LIMIT);
        clients.add(client);
        return client;
    }
}
