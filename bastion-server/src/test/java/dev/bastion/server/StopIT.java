package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while an operator works. */
final class StopIT {

    private static final int SIGTERM_STATUS = 128 + 15;

    @Test
    void tellsTheOperatorRecordsTheEndAndIsGoneInTime(@TempDir Path folder) {
        try (BastionScene scene = BastionScene.start(folder);
                PtySshClient shell = scene.shell()) {
            int status = scene.bastion().terminate(Duration.ofSeconds(10));

            assertThat(status).isEqualTo(SIGTERM_STATUS);
            shell.expect("bastion: the bastion is shutting down", BastionScene.LIMIT);
            assertThat(shell.awaitExit(BastionScene.LIMIT)).isNotZero();
            SshClient.Result sessions =
                    BastionProcess.run(
                            "admin",
                            "--data",
                            scene.data.toString(),
                            "audit",
                            "sessions",
                            "--format",
                            "json");
            assertThat(sessions.exitStatus()).as("%s", sessions).isZero();
            assertThat(sessions.text().lines().toList())
                    .singleElement()
                    .asString()
                    .contains("\"kind\":\"shell\"", "\"reason\":\"shutdown\"", "\"end\":\"2");
        }
    }
}
