package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bastion with host certificates: who has the one line of its authority is asked nothing at the
 * door and in a jump, and who knows no certificates sees the plain keys.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class HostCertificateIT {

    private final Path folder;
    private final JumpScene scene;
    private final RunningBastion bastion;
    private final String plainKeys;

    HostCertificateIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Path file =
                Files.writeString(
                        folder.resolve("bastion.yaml"),
                        "hostCertificates: true\nbastionNames: [127.0.0.1]\n");
        scene =
                new JumpScene(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), file, "127.0.0.1:0"));
        bastion = scene.bastion;
        plainKeys = Files.readString(folder.resolve("known_hosts"));
        know(line());
    }

    /** What {@code ssh} of the scene has for its known_hosts. */
    private void know(String lines) throws IOException {
        Files.writeString(folder.resolve("home_hosts"), lines);
    }

    private String line() {
        return bastion.run("alice", "hosts", "--known-hosts").text();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void oneLineMakesTheBastionAndAllHostsKnown() {
        assertThat(line().lines()).hasSize(1);
        assertThat(line()).startsWith("@cert-authority 127.0.0.1,[127.0.0.1]:*,build,[build]:");

        assertThat(scene.ssh(bastion.login() + "@web1", "echo $RIG_HOST").text())
                .isEqualTo("web1\n");
        assertThat(scene.ssh(bastion.login() + "@web2", "echo $RIG_HOST").text())
                .isEqualTo("web2\n");
    }

    @Test
    void theNameThatTheClientHasForAHostIsCertifiedToo() {
        SshClient.Result result =
                scene.ssh(
                        "-p",
                        bastion.web2().port() + "",
                        bastion.login() + "@" + bastion.web2().address(),
                        "echo $RIG_HOST");

        assertThat(result.text()).as("%s", result).isEqualTo("web2\n");
    }

    @Test
    void keysAreExchangedAgainWithTheSameCertificate() {
        byte[] bytes = new byte[5_000_000];

        SshClient.Result result =
                scene.ssh(scene.home("RekeyLimit 1M"), bytes, bastion.login() + "@web1", "wc -c");

        assertThat(result.text().strip()).as("%s", result).isEqualTo("5000000");
    }

    @Test
    void aCertificateIsForNoOtherName() {
        SshClient.Result result =
                scene.ssh("-o", "HostKeyAlias=build", bastion.login() + "@web1", "echo in");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("name is not a listed principal");
    }

    @Test
    void theAuthorityOfAnotherIsNotTrusted() throws IOException {
        Keys other = Keys.ed25519(folder, "other-authority");
        String[] words = line().split(" ", -1);
        know(words[0] + " " + words[1] + " " + other.publicLine() + "\n");
        try {
            SshClient.Result result = scene.ssh(bastion.login() + "@web1", "echo in");

            assertThat(result.exitStatus()).isEqualTo(255);
            assertThat(result.stderr()).contains("Host key verification failed");
        } finally {
            know(line());
        }
    }

    @Test
    void clientsThatKnowNoCertificatesSeeThePlainKey() {
        assertThat(plainKeys).contains(" ssh-ed25519 ");
        // This one knows only the plain key of the door.
        assertThat(bastion.run("alice+web1", "echo $RIG_HOST").text()).isEqualTo("web1\n");
        String key = bastion.key("alice").privateFile().toString();
        int port = bastion.port();
        assertThat(
                        shell(
                                "dropbearconvert openssh dropbear %s db 2>/dev/null; dbclient -y -i db"
                                                .formatted(key)
                                        + " -p "
                                        + port
                                        + " -l alice+web1 127.0.0.1 'echo dropbear'"))
                .isEqualTo("dropbear\n");
        String fingerprint =
                shell(
                        "ssh-keygen -lf "
                                + folder.resolve("data/keys/host_ed25519")
                                + " | cut -d' ' -f2");
        assertThat(
                        shell(
                                "puttygen %s -O private -o key.ppk && plink -batch -hostkey %s -i key.ppk -P %d -l alice+web1 127.0.0.1 'echo putty'"
                                        .formatted(key, fingerprint.strip(), port)))
                .isEqualTo("putty\n");
    }

    @Test
    void inAJumpTooTheySeeThePlainKey() {
        String login = bastion.login();
        String names =
                "key=%s port=%d login=%s door=%s\n"
                        .formatted(
                                bastion.key("alice").privateFile(),
                                bastion.port(),
                                login,
                                folder.resolve("data/keys/host_ed25519"));
        assertThat(
                        shell(
                                names
                                        + """
                                        dropbearconvert openssh dropbear $key dbj 2>/dev/null
                                        dbclient -y -i dbj -l $login \\
                                            -J "dbclient -y -i dbj -p $port -l alice -B web1:22 127.0.0.1" \\
                                            web1 'echo dropbear on $RIG_HOST'
                                        """))
                .isEqualTo("dropbear on web1\n");

        // PuTTY wants to be told the key: the plain one that OpenSSH is shown.
        scene.ssh(
                "-o",
                "HostKeyAlgorithms=ssh-ed25519",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("plain"),
                login + "@web1",
                "true");
        assertThat(
                        shell(
                                names
                                        + """
                                        print() { ssh-keygen -lf $1 | cut -d' ' -f2; }
                                        puttygen $key -O private -o keyj.ppk
                                        plink -batch -hostkey $(print plain) -i keyj.ppk -l $login \\
                                            -proxycmd "plink -batch -hostkey $(print $door) -i keyj.ppk -P $port -l alice -nc web1:22 127.0.0.1" \\
                                            web1 'echo putty on $RIG_HOST'
                                        """))
                .isEqualTo("putty on web1\n");
    }

    private String shell(String script) {
        SshClient.Result result =
                SshClient.runProgram(
                        "bash",
                        List.of("-c", "cd " + folder + " && export HOME=$PWD && " + script),
                        new byte[0],
                        LIMIT);
        assertThat(result.exitStatus()).as("%s", result).isZero();
        return result.text();
    }

    @Test
    void aBastionWithoutItsAuthoritysKeyDoesNotStart(@TempDir Path other) throws IOException {
        Path file = Files.writeString(other.resolve("bastion.yaml"), "hostCertificates: true\n");
        Path data = other.resolve("data");
        Settings settings = Settings.load(data, file, "127.0.0.1:0");
        String key = bastion.key("adam").publicLine();
        assertThat(InitCommand.initialise(settings, data, "adam", key)).isTrue();
        Path authority = data.resolve("keys/host_ca");
        assertThat(Files.getPosixFilePermissions(authority))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Files.setPosixFilePermissions(authority, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> Administration.open(settings, InstantSource.system()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("can be read by others");
        Files.delete(authority);
        assertThatThrownBy(() -> Bastion.start(settings))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("host_ca is missing; put it back, or make a new one with");

        HostCaCommand.create(settings);
        Bastion.start(settings).close();
        assertThatThrownBy(() -> HostCaCommand.create(settings)).isInstanceOf(IOException.class);
    }
}
