package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit database is lost or ruined; the ledger is the truth. */
final class LostDatabaseIT {

    private static final List<String> LISTINGS =
            List.of(
                    "commands --format json --user alice",
                    "sessions --format json --user alice",
                    "logins --format json --user alice");

    @Test
    void answersTheSameRowsWhenItsDatabaseIsDeletedAndWhenItIsGarbage(@TempDir Path folder)
            throws IOException {
        try (BastionScene scene = BastionScene.start(folder)) {
            work(scene);
            BastionScene.await(
                    "the end of the last command is in the audit log",
                    BastionScene.LIMIT,
                    () -> !scene.audit(LISTINGS.get(1)).contains("\"end\":null"));
            List<String> before = LISTINGS.stream().map(scene::audit).toList();
            assertThat(before.get(0).lines()).hasSize(5);
            Path database = scene.data.resolve("db/audit.mv.db");

            scene.bastion().terminate(Duration.ofSeconds(10));
            Files.delete(database);
            scene.serve();
            assertThat(LISTINGS.stream().map(scene::audit).toList()).isEqualTo(before);

            scene.bastion().kill();
            Files.writeString(database, "This is no database. ".repeat(1000));
            scene.serve();
            assertThat(LISTINGS.stream().map(scene::audit).toList()).isEqualTo(before);
        }
    }

    private static void work(BastionScene scene) {
        for (int i = 0; i < 3; i++) {
            assertThat(scene.exec("echo 'ü " + i + "' >/dev/null; exit " + i).exitStatus())
                    .isEqualTo(i);
        }
        try (PtySshClient shell = scene.shell()) {
            shell.send("true one\r");
            shell.expect(BastionScene.PROMPT, BastionScene.LIMIT);
            shell.send("exit 4\r");
            assertThat(shell.awaitExit(BastionScene.LIMIT)).isEqualTo(4);
        }
    }
}
