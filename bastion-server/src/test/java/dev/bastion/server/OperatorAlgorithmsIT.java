package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.SshClient;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is offered to operators works with OpenSSH's client, and nothing else is offered. */
@TestInstance(Lifecycle.PER_CLASS)
final class OperatorAlgorithmsIT {

    private static final int BYTES = 300_000;

    private final Path folder;
    private final RunningBastion bastion;

    OperatorAlgorithmsIT(@TempDir Path folder) {
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
                "KexAlgorithms=sntrup761x25519-sha512@openssh.com",
                "KexAlgorithms=curve25519-sha256",
                "KexAlgorithms=curve25519-sha256@libssh.org",
                "Ciphers=chacha20-poly1305@openssh.com",
                "Ciphers=aes128-gcm@openssh.com",
                "Ciphers=aes256-gcm@openssh.com",
                "Ciphers=aes128-ctr",
                "Ciphers=aes192-ctr",
                "Ciphers=aes256-ctr",
                "Ciphers=aes128-ctr -oMACs=hmac-sha2-256-etm@openssh.com",
                "Ciphers=aes256-ctr -oMACs=hmac-sha2-512-etm@openssh.com",
                "Compression=yes"
            })
    void carriesBytesBothWaysWithWhatIsOffered(String options) {
        byte[] bytes = new byte[BYTES];
        new Random(1).nextBytes(bytes);

        // OpenSSH starts key exchanges of its own after these many bytes.
        SshClient.Result result =
                SshClient.run(
                        with(options + " -oRekeyLimit=100K", "alice+web1", "cat"),
                        bytes,
                        RunningBastion.LIMIT);

        assertThat(result.exitStatus()).as("%s", result.stderr()).isZero();
        assertThat(result.stdout()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "KexAlgorithms=diffie-hellman-group14-sha1, key exchange method",
        "KexAlgorithms=diffie-hellman-group14-sha256, key exchange method",
        "KexAlgorithms=diffie-hellman-group-exchange-sha256, key exchange method",
        "KexAlgorithms=ecdh-sha2-nistp256, key exchange method",
        "Ciphers=aes128-cbc, cipher",
        "Ciphers=3des-cbc, cipher",
        "Ciphers=aes128-ctr -oMACs=hmac-sha1, MAC",
        "Ciphers=aes128-ctr -oMACs=hmac-sha1-etm@openssh.com, MAC",
        "Ciphers=aes128-ctr -oMACs=hmac-sha2-256, MAC",
        "Ciphers=aes128-ctr -oMACs=umac-64-etm@openssh.com, MAC",
        "HostKeyAlgorithms=rsa-sha2-512, host key type",
        "HostKeyAlgorithms=ssh-rsa, host key type"
    })
    void refusesWhatIsNotOffered(String options, String what) {
        SshClient.Result result =
                SshClient.run(
                        with("LogLevel=INFO -o" + options, "alice", "hosts"), RunningBastion.LIMIT);

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("no matching " + what + " found");
    }

    @Test
    void keepsKeyExchangeStrict() {
        SshClient.Result result =
                SshClient.run(with("LogLevel=DEBUG3", "alice", "hosts"), RunningBastion.LIMIT);

        assertThat(result.stderr()).contains("will use strict KEX ordering");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void letsEveryKindOfUserKeyIn(String type) {
        Keys key = Keys.generate(folder, "user-" + type, type, "");
        bastion.admin(
                "user", "add", "user-" + type, "--role", "operator", "--key", key.publicLine());

        SshClient.Result result =
                SshClient.run(
                        bastion.sshWithKey(key, "user-" + type, "hosts"), RunningBastion.LIMIT);

        assertThat(result.exitStatus()).as("%s", result).isZero();
    }

    @Test
    void refusesASignatureWithSha1() {
        Keys key = Keys.generate(folder, "old", "rsa", "");
        bastion.admin("user", "add", "old", "--role", "operator", "--key", key.publicLine());
        List<String> arguments = new ArrayList<>(List.of("-o", "PubkeyAcceptedAlgorithms=ssh-rsa"));
        arguments.addAll(bastion.sshWithKey(key, "old", "hosts"));

        SshClient.Result result = SshClient.run(arguments, RunningBastion.LIMIT);

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("Permission denied");
    }

    private List<String> with(String options, String address, String command) {
        List<String> arguments = new ArrayList<>();
        for (String option : ("-o" + options).split(" ", -1)) {
            arguments.add(option);
        }
        arguments.addAll(bastion.ssh(address, command));
        return arguments;
    }
}
