package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.gateway.GatewayLimits;
import dev.bastion.server.rig.EchoServer;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** As many sessions as one connection may have, at once, and one more. */
@TestInstance(Lifecycle.PER_CLASS)
final class ManyChannelsIT {

    private static final int CHANNELS = GatewayLimits.DEFAULT.channels();

    private final RunningBastion bastion;
    private final SharedSsh shared;

    ManyChannelsIT(@TempDir Path folder) {
        bastion = RunningBastion.start(folder);
        shared = SharedSsh.connect(folder.resolve("shared"), bastion.ssh("alice+web1"));
    }

    @AfterAll
    void close() {
        shared.close();
        bastion.close();
    }

    @RepeatedTest(2)
    void oneMoreThanMayBeIsRefusedUntilTheyHaveEnded() throws Exception {
        List<Process> open = new ArrayList<>();
        try {
            for (int i = 0; i < CHANNELS; i++) {
                open.add(SshClient.start("ssh", shared.ssh("cat; exit 7")));
            }
            for (Process session : open) {
                answers(session);
            }
            assertThat(bastion.liveSessions()).isEqualTo(CHANNELS);

            SshClient.Result refused = shared.run("echo too many");
            assertThat(refused.exitStatus()).isEqualTo(255);
            assertThat(refused.text()).isEmpty();
            assertThat(refused.stderr()).contains("Session open refused by peer");
            for (Process session : open) {
                answers(session);
            }

            for (Process session : open) {
                session.getOutputStream().close();
            }
            for (Process session : open) {
                assertThat(session.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(session.exitValue()).isEqualTo(7);
            }
        } finally {
            open.forEach(Process::destroyForcibly);
        }
        await().atMost(LIMIT).until(() -> bastion.liveSessions() == 0);
        assertThat(shared.run("echo again").text()).isEqualTo("again\n");
    }

    /** The next that comes to a host's port is not taken; the others go on. */
    @Test
    void oneMoreThatAHostOpensIsRefusedAndRecorded() throws Exception {
        bastion.grant("web2", bastion.login(), "forward");
        int port = FreePort.find();
        List<Socket> open = new ArrayList<>();
        try (EchoServer echo = new EchoServer();
                RunningSsh _ =
                        RunningSsh.start(
                                bastion.ssh(
                                        "alice+web2", "-N", "-R", port + ":" + echo.address()))) {
            await().atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> open.add(connect(port)));
            while (open.size() < CHANNELS) {
                open.add(connect(port));
            }
            for (Socket one : open) {
                echoes(one);
            }

            try (Socket refused = connect(port)) {
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }
            SessionEnded end =
                    bastion.awaitRecord(SessionEnded.class, one -> one.reason().equals("refused"));
            assertThat(bastion.records(ForwardOpened.class))
                    .filteredOn(one -> one.context().equals(end.context()))
                    .extracting(ForwardOpened::direction)
                    .containsExactly("remote");
            echoes(open.getFirst());
        } finally {
            for (Socket one : open) {
                one.close();
            }
        }
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void echoes(Socket connection) throws IOException {
        connection.getOutputStream().write('x');
        assertThat(connection.getInputStream().read()).isEqualTo('x');
    }

    private static void answers(Process session) throws IOException {
        session.getOutputStream().write("is it there?\n".getBytes(StandardCharsets.US_ASCII));
        session.getOutputStream().flush();
        assertThat(session.inputReader().readLine()).isEqualTo("is it there?");
    }
}
