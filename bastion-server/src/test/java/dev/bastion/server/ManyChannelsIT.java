package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.server.gateway.GatewayLimits;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
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

    private static void answers(Process session) throws IOException {
        session.getOutputStream().write("is it there?\n".getBytes(StandardCharsets.US_ASCII));
        session.getOutputStream().flush();
        assertThat(session.inputReader().readLine()).isEqualTo("is it there?");
    }
}
