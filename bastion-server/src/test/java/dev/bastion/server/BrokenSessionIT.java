package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RunningSsh;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions that break in the middle of heavy output, on either side: the other side is told, the
 * end is recorded, and nothing is left.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class BrokenSessionIT {

    /** More than fits anywhere between host and client. */
    private static final int MUCH = 20 << 20;

    private static final String LOST = "the connection to the host was lost";

    /** Says which process the output comes from. */
    private static final String OUTPUT_WITHOUT_END = "echo $$; exec yes";

    private final RunningBastion bastion;
    private int endsBefore;

    BrokenSessionIT(@TempDir Path folder) {
        bastion = RunningBastion.start(folder);
    }

    @BeforeEach
    void countRecords() {
        endsBefore = bastion.records(SessionEnded.class).size();
    }

    @AfterEach
    void isAsBefore() {
        assertThat(bastion.run("alice+web1", "echo $RIG_HOST").text()).isEqualTo("web1\n");
        bastion.awaitNothingLeft();
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void commandWhoseHostIsKilled() {
        try (RunningSsh client = command()) {
            bastion.web1().killConnections();

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors()).isEqualTo("bastion: " + LOST + "\n");
            assertThat(end().reason()).isEqualTo("host-lost");
        }
    }

    @Test
    void shellWhoseHostIsKilled() {
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            printWithoutEnd(client);
            bastion.web1().killConnections();

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.transcript()).endsWith("\r\nbastion: " + LOST + "\r\n");
            assertThat(end().reason()).isEqualTo("host-lost");
        }
    }

    @Test
    void shellFromTheMenuWhoseHostIsKilled() {
        try (PtySshClient client = bastion.terminal("alice")) {
            client.expectScreen("3 of 3", LIMIT);
            client.send("web1\r");
            printWithoutEnd(client);
            bastion.web1().killConnections();

            client.expectScreen("web1: " + LOST, LIMIT);
            assertThat(end().reason()).isEqualTo("host-lost");
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
    void commandWhoseClientIsKilled() {
        RunningSsh client = command();
        long process = Long.parseLong(client.firstLine());
        assertThat(isAlive(process)).isTrue();
        client.close();

        await().atMost(LIMIT).until(() -> !isAlive(process));
        assertThat(end().reason()).isEqualTo("closed-by-client");
    }

    @Test
    void shellWhoseClientIsKilled() {
        long process;
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            process = printWithoutEnd(client);
            assertThat(isAlive(process)).isTrue();
        }

        await().atMost(LIMIT).until(() -> !isAlive(process));
        assertThat(end().reason()).isEqualTo("closed-by-client");
    }

    @Test
    void clientLeavesAHostThatHangs() {
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            printWithoutEnd(client);
            bastion.web1().pauseConnections();
            client.send("\r~.");

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
        }
        isLeftThoughItHangs();
    }

    @Test
    void clientIsKilledWhoseHostHangs() {
        RunningSsh client = command();
        bastion.web1().pauseConnections();
        client.close();

        isLeftThoughItHangs();
    }

    /** What waits for a host that takes nothing does not keep its connection. */
    @Test
    void clientIsKilledThatSendsToAHostThatHangs() {
        try (RunningSsh client = RunningSsh.start(bastion.ssh("alice+web1", "echo; exec cat"))) {
            await().atMost(LIMIT).until(() -> client.bytes() > 0);
            bastion.web1().pauseConnections();
            client.sendUntilStuck(LIMIT);
        }
        isLeftThoughItHangs();
    }

    private void isLeftThoughItHangs() {
        try {
            await().atMost(LIMIT).until(() -> bastion.web1().clients() == 0);
            assertThat(end().reason()).isEqualTo("closed-by-client");
        } finally {
            bastion.web1().resumeConnections();
        }
    }

    private RunningSsh command() {
        RunningSsh client = RunningSsh.start(bastion.ssh("alice+web1", OUTPUT_WITHOUT_END));
        await().atMost(LIMIT).until(() -> client.bytes() > MUCH);
        return client;
    }

    /** The process that prints. */
    private static long printWithoutEnd(PtySshClient client) {
        client.send(OUTPUT_WITHOUT_END + "\r");
        return Long.parseLong(client.expect("[\r\n](\\d+)\r\n(y\r\n){1000}", LIMIT).group(1));
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    /** The record of the end of this test's first session. */
    private SessionEnded end() {
        await().atMost(LIMIT).until(() -> bastion.records(SessionEnded.class).size() > endsBefore);
        return bastion.records(SessionEnded.class).get(endsBefore);
    }
}
