package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another process has the audit database locked while operators work: nobody is stopped, auditors
 * are told why they see nothing, and when it is free it catches up. How long it was away makes no
 * difference: it is tried again at least every ten seconds, for ever.
 */
final class AwayDatabaseIT {

    private static final Duration CAUGHT_UP = Duration.ofSeconds(60);

    @Test
    void aLockedDatabaseStopsNobodyAndIsFilledWhenItIsFree(@TempDir Path folder)
            throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        "ship:\n  - file: " + folder.resolve("shipped.jsonl") + "\n");
        try (BastionScene scene = BastionScene.start(folder)) {
            scene.bastion().terminate(BastionScene.LIMIT);
            try (FileChannel channel =
                            FileChannel.open(
                                    scene.data.resolve("db/audit.mv.db"),
                                    StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                assertThat(lock.isValid()).isTrue();
                scene.serve("--config", config.toString());
                for (int i = 0; i < 3; i++) {
                    assertThat(scene.exec(": away" + i + "; exit 7").exitStatus()).isEqualTo(7);
                }
                SshClient.Result asked = scene.tryAudit("commands --format csv");
                assertThat(asked.exitStatus()).isEqualTo(1);
                assertThat(asked.stderr()).contains("in use by another process");
                BastionScene.await(
                        "the record is passed on meanwhile",
                        BastionScene.LIMIT,
                        () -> scene.tryAudit("shipping --format csv").text().contains("following"));
            }
            BastionScene.await(
                    "all commands are in the audit log",
                    CAUGHT_UP,
                    () -> {
                        SshClient.Result asked =
                                scene.tryAudit("commands --limit 0 --format csv --grep away[0-9]");
                        return asked.exitStatus() == 0 && asked.text().lines().count() == 4;
                    });
            assertThat(Files.readString(folder.resolve("shipped.jsonl")))
                    .contains(": away0; exit 7", ": away2; exit 7");
        }
    }
}
