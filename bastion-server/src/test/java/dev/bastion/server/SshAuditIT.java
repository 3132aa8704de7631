package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ssh-audit} says of the operators' door. */
final class SshAuditIT {

    private static final String NOT_POST_QUANTUM =
            " does not provide protection against post-quantum attacks";

    /**
     * What is let pass. Version 2 does not know the newer algorithms, and calls what was OpenSSH's
     * default an experiment; version 3 warns of each key exchange without a post-quantum part,
     * which clients before OpenSSH 8.5 need.
     */
    private static final List<String> TOLERATED =
            List.of(
                    "(kex) mlkem768x25519-sha256 -- [warn] unknown algorithm",
                    "(kex) sntrup761x25519-sha512 -- [warn] unknown algorithm",
                    "(kex) sntrup761x25519-sha512@openssh.com -- [warn] using experimental algorithm",
                    "(kex) kex-strict-s-v00@openssh.com -- [warn] unknown algorithm",
                    "(kex) ext-info-s -- [warn] unknown algorithm",
                    "(kex) curve25519-sha256 -- [warn]" + NOT_POST_QUANTUM,
                    "(kex) curve25519-sha256@libssh.org -- [warn]" + NOT_POST_QUANTUM);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sshAuditHasNothingAgainstTheDoor(boolean certificates, @TempDir Path folder)
            throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("bastion.yaml"),
                        certificates ? "hostCertificates: true\nbastionNames: [127.0.0.1]\n" : "");
        try (RunningBastion bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), file, "127.0.0.1:0"))) {
            SshClient.Result audit =
                    SshClient.runProgram(
                            "ssh-audit",
                            List.of("--no-colors", "-p", "" + bastion.port(), "127.0.0.1"),
                            new byte[0],
                            LIMIT);

            assertThat(audit.text())
                    .contains("(kex) curve25519-sha256", "(enc) chacha20-poly1305@openssh.com")
                    .contains("(key) ssh-ed25519 ", "(mac) hmac-sha2-256-etm@openssh.com");
            assertThat(audit.text().contains("(key) ssh-ed25519-cert-v01@openssh.com"))
                    .isEqualTo(certificates);
            assertThat(audit.text().lines())
                    .filteredOn(line -> line.contains("[fail]") || line.contains("[warn]"))
                    .map(line -> line.replaceAll("\\s+", " ").strip())
                    .isSubsetOf(TOLERATED);
        }
    }
}
