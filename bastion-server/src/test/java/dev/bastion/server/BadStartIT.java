package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bastion that cannot start: one sentence, no stack trace, no port. */
final class BadStartIT {

    private final Path folder;
    private final Path data;

    BadStartIT(@TempDir Path folder) {
        this.folder = folder;
        this.data = folder.resolve("data");
    }

    @BeforeEach
    void makeData() {
        SshClient.Result made =
                BastionProcess.run(
                        "init",
                        "--data",
                        data.toString(),
                        "--admin",
                        "root1",
                        "--key",
                        Keys.ed25519(folder, "admin").publicFile().toString());
        assertThat(made.exitStatus()).as("%s", made).isZero();
    }

    @Test
    void namesTheFormOfAnAddress() {
        refuses(
                BastionProcess.run("serve", "--data", data.toString(), "--listen", "nonsense"),
                "must be HOST:PORT, was 'nonsense'");
    }

    @Test
    void saysHowToMakeADataFolderThatIsMissing() {
        Path nowhere = folder.resolve("nowhere");
        refuses(
                BastionProcess.run(
                        "serve", "--data", nowhere.toString(), "--listen", "127.0.0.1:0"),
                "there is no bastion in " + nowhere);
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void refusesAMasterKeyThatOthersCanRead() throws IOException {
        Path key = data.resolve("keys/master.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        refuses(serve(), "chmod 600 " + key);
    }

    @Test
    void refusesAMasterKeyThatIsCutShort() throws IOException {
        Path key = data.resolve("keys/master.key");
        Files.write(key, new byte[7]);
        refuses(serve(), "the master key " + key + " is damaged");
    }

    @Test
    void refusesADatabaseThatAnotherProcessHasLocked() throws IOException {
        Path database = data.resolve("db/bastion.mv.db");
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            refuses(serve(), "in use");
        }
    }

    @Test
    void refusesASecondBastionOnTheSameDataAndTheFirstGoesOn() {
        try (BastionProcess first = BastionProcess.serve(data)) {
            refuses(serve(), "in use");

            SshClient.Result users =
                    BastionProcess.run("admin", "--data", data.toString(), "user", "list");
            assertThat(users.exitStatus()).as("%s", users).isZero();
            assertThat(users.text()).contains("root1");
            assertThat(first.isAlive()).isTrue();
        }
    }

    private SshClient.Result serve(String... more) {
        String[] words = {"serve", "--data", data.toString(), "--listen", "127.0.0.1:0"};
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return BastionProcess.run(all);
    }

    private static void refuses(SshClient.Result result, String sentence) {
        assertThat(result.exitStatus()).as("%s", result).isBetween(1, 2);
        assertThat(result.text()).doesNotContain("listening");
        assertThat(result.stderr()).doesNotContain("\tat ", "Exception");
        assertThat(result.stderr().lines().filter(line -> line.startsWith("bastion: ")).toList())
                .as("%s", result)
                .singleElement()
                .asString()
                .contains(sentence);
    }
}
