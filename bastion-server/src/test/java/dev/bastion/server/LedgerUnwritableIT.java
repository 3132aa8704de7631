package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threat: the disk takes no more, and operators go on unrecorded.
 *
 * <p>The kernel refuses the bastion every write past the first bytes of a file (RLIMIT_FSIZE), as a
 * full disk would, and later allows them again.
 */
final class LedgerUnwritableIT {

    @Test
    void holdsWhatIsTypedAndRefusesNewSessionsUntilItCanBeWrittenAgain(@TempDir Path folder) {
        Path token = folder.resolve("token");
        try (BastionScene scene = BastionScene.start(folder);
                PtySshClient shell = scene.shell()) {
            scene.bastion().limitFiles("4096");

            shell.send("touch " + token + "\r");
            shell.expect("bastion: the audit log cannot be written", BastionScene.LIMIT);
            SshClient.Result refused = scene.exec("touch " + folder.resolve("unrecorded"));

            assertThat(refused.exitStatus()).as("%s", refused).isEqualTo(255);
            assertThat(refused.stderr()).startsWith("bastion: the audit log cannot be written");
            assertThat(token).doesNotExist();
            assertThat(folder.resolve("unrecorded")).doesNotExist();

            scene.bastion().limitFiles("unlimited");
            shell.expect("bastion: the audit log is written again", BastionScene.LIMIT);
            BastionScene.await("the held line ran", BastionScene.LIMIT, () -> Files.exists(token));
            BastionScene.await(
                    "the held line is in the audit log",
                    BastionScene.LIMIT,
                    () ->
                            scene.tryAudit("commands --format json")
                                    .text()
                                    .contains("touch " + token));
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);
        }
    }

    @Test
    void endsSessionsThatWereHeldTooLong(@TempDir Path folder) throws IOException {
        Path token = folder.resolve("token");
        Path config = Files.writeString(folder.resolve("config.yaml"), "ledgerHoldSeconds: 2\n");
        try (BastionScene scene = BastionScene.start(folder, "--config", config.toString());
                PtySshClient shell = scene.shell()) {
            scene.bastion().limitFiles("4096");

            shell.send("touch " + token + "\r");
            shell.expect("bastion: the audit log cannot be written", BastionScene.LIMIT);
            shell.expect("could not be written for too long", BastionScene.LIMIT);
            assertThat(shell.awaitExit(Duration.ofSeconds(10))).isNotZero();

            scene.bastion().limitFiles("unlimited");
            BastionScene.await(
                    "the end of the session is in the audit log",
                    BastionScene.LIMIT,
                    () ->
                            scene.tryAudit("sessions --format json")
                                    .text()
                                    .contains("\"reason\":\"ledger\""));
            assertThat(token).doesNotExist();
        }
    }
}
