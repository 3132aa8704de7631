package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code host key trust} as the administrator gives it over SSH. Each test has a host of its own,
 * which is web1 under another name and not trusted yet.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class HostKeyTrustIT {

    private final RunningBastion bastion;
    private String host = "";

    HostKeyTrustIT(@TempDir Path folder) {
        bastion = RunningBastion.start(folder);
    }

    @BeforeEach
    void addAHostForTheTest(TestInfo test) {
        host = test.getTestMethod().orElseThrow().getName();
        bastion.addSshd(host, bastion.web1());
        bastion.admin("host", "key", "forget", host);
        assertThat(isTrusted()).isFalse();
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void asksOnATerminalAndTrustsAtYes() {
        try (PtySshClient client = inTerminal()) {
            client.expect(question(), LIMIT);
            client.send("yes\r");
            client.expect("trusted: ssh-ed25519 SHA256:", LIMIT);
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
        assertThat(isTrusted()).isTrue();
    }

    @Test
    void asksOnATerminalAndTrustsNothingAtNo() {
        try (PtySshClient client = inTerminal()) {
            client.expect(question(), LIMIT);
            client.send("no\r");
            client.expect("not trusted; nothing was changed", LIMIT);
            assertThat(client.awaitExit(LIMIT)).isEqualTo(1);
        }
        assertThat(isTrusted()).isFalse();
    }

    @Test
    void trustsTheFingerprintThatTheHostHas() {
        SshClient.Result result = trust("--fingerprint", fingerprint());

        assertThat(result.text()).isEqualTo("trusted: ssh-ed25519 " + fingerprint() + "\n");
        assertThat(result.exitStatus()).isZero();
        assertThat(isTrusted()).isTrue();
    }

    @Test
    void refusesAFingerprintThatTheHostHasNot() {
        String other = bastion.web2().hostKey().fingerprint();

        SshClient.Result result = trust("--fingerprint", other);

        assertThat(result.exitStatus()).isEqualTo(1);
        assertThat(result.stderr())
                .contains(host + " does not offer a key with that fingerprint", fingerprint());
        assertThat(isTrusted()).isFalse();
    }

    @Test
    void wantsAnAnswerWhereThereIsNoTerminal() {
        SshClient.Result result = trust();

        assertThat(result.exitStatus()).isEqualTo(2);
        assertThat(result.stderr()).contains("--fingerprint", "--yes", fingerprint());
        assertThat(isTrusted()).isFalse();
    }

    @Test
    void saysWhyAHostShowsNoKey() throws IOException {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            String away = "127.0.0.1:" + bound.getLocalPort();
            bastion.admin("host", "set", host, "--address", away);

            SshClient.Result result = trust("--yes");

            assertThat(result.exitStatus()).isEqualTo(1);
            assertThat(result.stderr())
                    .isEqualTo(host + " shows no key: 127.0.0.1 refuses connections\n");
        }
        bastion.admin("host", "set", host, "--address", web1());
        assertThat(isTrusted()).isFalse();
    }

    private SshClient.Result trust(String... options) {
        return bastion.run("adam", "host key trust " + host + " " + String.join(" ", options));
    }

    private PtySshClient inTerminal() {
        List<String> arguments = new ArrayList<>(List.of("-t"));
        arguments.addAll(bastion.ssh("adam", "host key trust " + host));
        return PtySshClient.start(arguments);
    }

    private String question() {
        return host
                + " offers ssh-ed25519 \\Q"
                + fingerprint()
                + "\\E\\. Trust it\\? \\[yes/no\\] ";
    }

    private String fingerprint() {
        return bastion.web1().hostKey().fingerprint();
    }

    private String web1() {
        return bastion.web1().address() + ":" + bastion.web1().port();
    }

    /** Whether alice gets there. */
    private boolean isTrusted() {
        SshClient.Result result = bastion.run("alice+" + host, "echo in");
        return result.text().equals("in\n");
    }
}
