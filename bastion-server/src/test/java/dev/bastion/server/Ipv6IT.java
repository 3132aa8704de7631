package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.audit.AuditRecord.LoginAttempted;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators come over IPv6, and hosts are reached over it. */
@TestInstance(Lifecycle.PER_CLASS)
final class Ipv6IT {

    private final RunningBastion bastion;

    Ipv6IT(@TempDir Path folder) {
        bastion =
                RunningBastion.start(
                        folder, settings -> Settings.load(folder.resolve("data"), null, "[::1]:0"));
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void recordsTheCanonicalAddress() {
        SshClient.Result result = run("alice+web1", "echo in");

        assertThat(result.text()).as("%s", result).isEqualTo("in\n");
        assertThat(bastion.awaitRecord(LoginAttempted.class, LoginAttempted::accepted).from())
                .isEqualTo("::1");
    }

    @ParameterizedTest
    @CsvSource({"::1, true", "::/64, true", "2001:db8::/32, false", "127.0.0.0/8, false"})
    void judgesGrantsByIt(String network, boolean granted) {
        String host = "for" + network.replaceAll("[^0-9a-z]", "-");
        bastion.addHost(
                host,
                bastion.web1().address() + ":" + bastion.web1().port(),
                bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount(host, bastion.login(), bastion.web1().userKeys());
        bastion.admin(
                "grant",
                "add",
                "--user",
                "alice",
                "--host",
                host,
                "--account",
                bastion.login(),
                "--from",
                network);

        assertThat(run("alice+" + host, "echo in").text()).isEqualTo(granted ? "in\n" : "");
    }

    @Test
    void reachesAHostOverIt(@TempDir Path folder) {
        try (SshdHost six = SshdHost.start(folder, "::1", List.of("SetEnv RIG_HOST=six"))) {
            bastion.addHost("six", "[::1]:" + six.port(), six.hostKey().fingerprint());
            bastion.addKeyAccount("six", six.login(), six.userKeys());
            bastion.grant("six", six.login());
            bastion.grant("six", six.login(), "forward");

            assertThat(run("alice+six", "echo $RIG_HOST $SSH_CONNECTION").text())
                    .startsWith("six ::1 ")
                    .endsWith(" ::1 " + six.port() + "\n");
            assertThat(run("alice+six", "-W", "[::1]:" + six.port()).text()).startsWith("SSH-2.0-");
            bastion.awaitRecord(
                    ForwardOpened.class,
                    forward -> forward.destination().equals("[::1]:" + six.port()));
        }
    }

    @Test
    void saysWhereItListensAsItWasWritten(@TempDir Path other) throws IOException {
        InitCommand.initialise(
                Settings.of(other), other, "adam", bastion.key("alice").publicLine());
        try (BastionProcess process = BastionProcess.serveAt("[::1]:0", other)) {
            assertThat(process.host()).isEqualTo("[::1]");
            try (Socket socket = new Socket(InetAddress.ofLiteral("::1"), process.port())) {
                assertThat(socket.isConnected()).isTrue();
            }
        }
    }

    private SshClient.Result run(String address, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("-oHostName=::1", "-oHostKeyAlias=[127.0.0.1]:" + bastion.port()));
        arguments.addAll(bastion.ssh(address, more));
        return SshClient.run(arguments, LIMIT);
    }
}
