package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client learns the host key that the bastion will have next. */
final class HostKeyUpdateIT {

    @Test
    void theNextHostKeyIsLearnedByAClientThatUpdatesItsKeys(@TempDir Path folder)
            throws IOException {
        Keys next = Keys.ed25519(folder, "next");
        Path known = folder.resolve("known_hosts");
        Path settings =
                Files.writeString(
                        folder.resolve("bastion.yaml"), "nextHostKey: " + next.privateFile());
        try (RunningBastion bastion =
                RunningBastion.start(
                        folder,
                        ignored ->
                                Settings.load(folder.resolve("data"), settings, "127.0.0.1:0"))) {
            String before = Files.readString(known);
            SshClient.Result first =
                    bastion.run("alice+web1", "-o", "UpdateHostKeys=yes", "sleep 1; echo in");
            assertThat(first.text()).as(first::stderr).isEqualTo("in\n");

            assertThat(before).doesNotContain(next.publicKey().base64());
            assertThat(Files.readString(known))
                    .contains(next.publicKey().base64())
                    .contains(before.substring(before.lastIndexOf(' ')).strip());
            SshClient.Result again = SshClient.run(bastion.ssh("alice+web1", "echo again"), LIMIT);
            assertThat(again.text()).as(again::stderr).isEqualTo("again\n");
        }
    }
}
