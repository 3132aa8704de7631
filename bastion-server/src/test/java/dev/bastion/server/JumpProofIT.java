package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.LoginAttempted;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.PtySshClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who it is inside a jump, when the bastion was logged in to with a password. */
final class JumpProofIT {

    private static final String PASSWORD = "a long enough secret 4711";

    @TempDir Path folder;

    @Test
    void withoutAKeyAJumpIsRefusedInWords() {
        try (JumpScene scene = new JumpScene(folder, settings -> settings);
                PtySshClient client = jump(scene)) {
            client.expect("a jump needs the key", LIMIT);
            client.expect("Permission denied \\(publickey\\)", LIMIT);
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
        }
    }

    @Test
    void withoutAKeyAJumpWorksWhereTheAdminAllowsIt() {
        try (JumpScene scene = new JumpScene(folder, this::withoutKey);
                PtySshClient client = jump(scene)) {
            client.expect("jumped", LIMIT);
            assertThat(client.awaitExit(LIMIT)).isZero();
            scene.bastion.awaitRecord(
                    LoginAttempted.class,
                    one ->
                            one.accepted()
                                    && one.method().equals("none")
                                    && one.reason().startsWith("inside connection "));
        }
    }

    private Settings withoutKey(Settings settings) {
        try {
            Path file = folder.resolve("bastion.yaml");
            Files.writeString(file, "jumpWithoutKey: true\n");
            return Settings.load(folder.resolve("data"), file, "127.0.0.1:0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The password for the bastion is asked for and given; the keys are nobody's. */
    private PtySshClient jump(JumpScene scene) {
        scene.bastion.adminWith(PASSWORD + "\n", "user", "password", "set", "alice");
        Keys nobodys = Keys.ed25519(folder, "nobodys");
        List<String> words = new ArrayList<>(scene.home(nobodys, nobodys));
        words.addAll(List.of("-l", scene.bastion.login(), "web1", "echo jum''ped"));
        PtySshClient client = PtySshClient.start(words);
        client.expect("assword:", LIMIT);
        client.send(PASSWORD + "\r");
        return client;
    }
}
