package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of the databases is full while the ledger's is not: nobody is stopped, and the audit log
 * catches up once there is room.
 *
 * <p>No file may grow past the size that the smaller database has; the ledger's end is far below.
 */
final class DatabaseFullIT {

    private static final int COMMANDS = 15;

    /** It is tried again from time to time, and each question to the audit is a login. */
    private static final Duration CAUGHT_UP = Duration.ofSeconds(60);

    @Test
    void stopsNobodyAndCatchesUp(@TempDir Path folder) throws IOException {
        try (BastionScene scene = BastionScene.start(folder)) {
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);
            Path databases = scene.data.resolve("db");
            long full =
                    Math.min(
                            Files.size(databases.resolve("audit.mv.db")),
                            Files.size(databases.resolve("bastion.mv.db")));
            scene.bastion().limitFiles(Long.toString(full));

            String filling = "x".repeat(300);
            for (int i = 0; i < COMMANDS; i++) {
                assertThat(scene.exec(": " + filling + " full" + i + "; exit 7").exitStatus())
                        .as("command %d; %s", i, scene.bastion().errors())
                        .isEqualTo(7);
            }
            assertThat(scene.bastion().errors()).contains("The audit database cannot be filled");
            assertThat(BastionScene.names(databases)).noneMatch(name -> name.contains("damaged"));

            scene.bastion().limitFiles("unlimited");
            BastionScene.await(
                    "all commands are in the audit log", CAUGHT_UP, () -> rows(scene) == COMMANDS);
            BastionScene.await(
                    "a change can be made",
                    BastionScene.LIMIT,
                    () -> scene.tryAdmin("user add dora --role operator", "").exitStatus() == 0);
        }
    }

    /** Commands of the time without room; none while the audit log cannot be asked. */
    private static long rows(BastionScene scene) {
        SshClient.Result asked =
                scene.tryAudit("commands --limit 0 --format csv --grep full[0-9]+");
        return asked.exitStatus() == 0 ? asked.text().lines().skip(1).count() : 0;
    }
}
