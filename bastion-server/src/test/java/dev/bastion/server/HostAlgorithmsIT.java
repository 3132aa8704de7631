package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bastion speaks with hosts; what is broken, only with a host where an admin says so. */
@TestInstance(Lifecycle.PER_CLASS)
final class HostAlgorithmsIT {

    private static final int BYTES = 300_000;

    private final Path folder;
    private final RunningBastion bastion;
    private int hosts;

    HostAlgorithmsIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KexAlgorithms curve25519-sha256",
                "KexAlgorithms sntrup761x25519-sha512@openssh.com",
                "KexAlgorithms ecdh-sha2-nistp256",
                "KexAlgorithms diffie-hellman-group14-sha256",
                "KexAlgorithms diffie-hellman-group16-sha512",
                "KexAlgorithms diffie-hellman-group-exchange-sha256",
                "Ciphers aes128-gcm@openssh.com",
                "Ciphers aes256-gcm@openssh.com",
                "Ciphers chacha20-poly1305@openssh.com",
                "Ciphers aes256-ctr; MACs hmac-sha2-512-etm@openssh.com",
                "Ciphers aes128-ctr; MACs hmac-sha2-256"
            })
    void reachesAHostThatSpeaksOnly(String configuration) {
        byte[] bytes = new byte[BYTES];
        new Random(1).nextBytes(bytes);
        List<String> lines = new ArrayList<>(List.of(configuration.split("; ", -1)));
        lines.add("RekeyLimit 100K");
        try (SshdHost sshd = SshdHost.start(folder, "127.0.0.1", lines)) {
            String host = nextName();
            bastion.addSshd(host, sshd);

            SshClient.Result result =
                    SshClient.run(bastion.ssh("alice+" + host, "cat"), bytes, RunningBastion.LIMIT);

            assertThat(result.exitStatus()).as("%s", result.stderr()).isZero();
            assertThat(result.stdout()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KexAlgorithms diffie-hellman-group14-sha1",
                "Ciphers aes128-cbc",
                "Ciphers aes256-cbc; MACs hmac-sha1",
                "Ciphers aes128-ctr; MACs hmac-sha1-etm@openssh.com"
            })
    void reachesAHostOfOldWaysOnlyWhereAnAdministratorAllowsIt(String configuration) {
        try (SshdHost sshd =
                SshdHost.start(folder, "127.0.0.1", List.of(configuration.split("; ", -1)))) {
            String host = nextName();
            assertThat(bastion.admin("host", "add", host, "--address", at(sshd)))
                    .contains("its key is not known yet", "--legacy");
            bastion.admin("host", "set", host, "--legacy");
            bastion.admin(
                    "host", "key", "trust", host, "--fingerprint", sshd.hostKey().fingerprint());
            bastion.addKeyAccount(host, sshd.login(), sshd.userKeys());
            bastion.grant(host, sshd.login());

            assertIsReached(host);
            bastion.admin("host", "set", host, "--description", "still");
            assertIsReached(host);
            bastion.admin("host", "set", host, "--no-legacy");
            assertIsRefused(host);
        }
    }

    @Test
    void scansAndTrustsAHostKeyThatSignsWithSha1OnlyWhereAnAdministratorAllowsIt() {
        Keys old = Keys.generate(folder, "old-host", "rsa", "");
        List<String> lines = List.of("HostKey " + old.privateFile(), "HostKeyAlgorithms ssh-rsa");
        try (SshdHost sshd = SshdHost.start(folder, "127.0.0.1", lines)) {
            String host = nextName();
            bastion.admin("host", "add", host, "--address", at(sshd), "--legacy");
            bastion.admin(
                    "host", "key", "trust", host, "--fingerprint", old.publicKey().fingerprint());
            bastion.addKeyAccount(host, sshd.login(), sshd.userKeys());
            bastion.grant(host, sshd.login());

            assertIsReached(host);
            bastion.admin("host", "set", host, "--no-legacy");
            assertIsRefused(host);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ecdsa"})
    void logsInWithAStoredKeyOfAnotherTypeThanTheHostsOwn(String type) {
        Keys stored = Keys.generate(folder, "stored-" + type, type, "");
        List<String> lines = List.of("AuthorizedKeysFile " + stored.publicFile());
        try (SshdHost sshd = SshdHost.start(folder, "127.0.0.1", lines)) {
            String host = nextName();
            bastion.addHost(host, at(sshd), sshd.hostKey().fingerprint());
            bastion.addKeyAccount(host, sshd.login(), stored);
            bastion.grant(host, sshd.login());

            assertIsReached(host);
        }
    }

    private void assertIsReached(String host) {
        SshClient.Result result = bastion.run("alice+" + host, "echo in");
        assertThat(result.text()).as("%s", result).isEqualTo("in\n");
    }

    private void assertIsRefused(String host) {
        SshClient.Result result = bastion.run("alice+" + host, "echo in");
        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.text()).isEmpty();
        assertThat(result.stderr())
                .contains(host + " knows only algorithms", "host set " + host + " --legacy");
    }

    private static String at(SshdHost sshd) {
        return sshd.address() + ":" + sshd.port();
    }

    private String nextName() {
        return "host" + ++hosts;
    }
}
