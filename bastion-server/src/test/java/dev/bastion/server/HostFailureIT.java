package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.AuditRecord.TargetRefused;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts that cannot be reached or do not let the bastion in: the operator reads which it is and the
 * auditor too, and afterwards the bastion is as before.
 *
 * <p>Each test breaks a host of its own, which was good until then.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class HostFailureIT {

    private static final String LIMITS =
            """
            connectSeconds: 2
            authenticateSeconds: 3
            """;

    private final Path folder;
    private final RunningBastion bastion;
    private String broken = "";

    HostFailureIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Path limits = Files.writeString(folder.resolve("bastion.yaml"), LIMITS);
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
    }

    @BeforeEach
    void addAHostForTheTest(TestInfo test) {
        broken = test.getTestMethod().orElseThrow().getName();
        bastion.addSshd(broken, bastion.web1());
    }

    @AfterEach
    void isAsBefore() {
        assertThat(bastion.run("alice+web1", "echo $RIG_HOST").text()).isEqualTo("web1\n");
        bastion.awaitNothingLeft();
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void nameThatIsNotFound() {
        moveTo("no-such-host.invalid");

        refuses("name-not-found", "the address of " + broken + " cannot be found by name");
    }

    @Test
    void connectionRefused() throws IOException {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            moveTo("127.0.0.1:" + bound.getLocalPort());

            refuses("refused", broken + " refuses connections");
            showsInTheMenu(broken + " refuses connections");
        }
    }

    @Test
    void noAnswerOfTcp() {
        try (BadHost host = BadHost.unreachable()) {
            moveTo(host.address());

            refuses("timed-out", broken + " did not answer in time");
            await().atMost(LIMIT).until(() -> host.connecting() == 0);
        }
    }

    @Test
    void listenerThatSaysNothing() {
        try (BadHost host = BadHost.silent()) {
            moveTo(host.address());

            refuses("timed-out", broken + " did not finish the SSH handshake in time");
            showsInTheMenu(broken + " did not finish the SSH handshake in time");
            isLeft(host);
        }
    }

    @Test
    void listenerThatClosesAtOnce() {
        try (BadHost host = BadHost.answering(connection -> {})) {
            moveTo(host.address());

            refuses("failed", endedHandshake());
            isLeft(host);
        }
    }

    @Test
    void listenerOfAnotherProtocol() {
        byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII);
        try (BadHost host = BadHost.saying(answer)) {
            moveTo(host.address());

            refuses("timed-out", broken + " did not finish the SSH handshake in time");
            isLeft(host);
        }
    }

    @Test
    void listenerThatSendsGarbageAfterItsBanner() {
        byte[] answer =
                ("SSH-2.0-OpenSSH_9.2\r\n" + "\u0001garbage".repeat(1000)).getBytes(US_ASCII);
        try (BadHost host = BadHost.saying(answer)) {
            moveTo(host.address());

            refuses("timed-out", broken + " did not finish the SSH handshake in time");
            isLeft(host);
        }
    }

    @Test
    void bannerThatNeverEnds() {
        try (BadHost host = BadHost.answering(HostFailureIT::sendWithoutEnd)) {
            moveTo(host.address());

            refuses("failed", endedHandshake());
            isLeft(host);
        }
    }

    @Test
    void hostKeyThatChanged() {
        moveTo(address(bastion.web2()));

        refuses(
                "key-changed",
                "the host key of "
                        + broken
                        + " has changed to "
                        + bastion.web2().hostKey().fingerprint()
                        + "; you are not let through. If the change is known to be right, an"
                        + " administrator accepts it with: host key trust "
                        + broken);
        showsInTheMenu("the host key of " + broken + " has changed to");
    }

    @Test
    void hostKeyThatNobodyTrusted() {
        bastion.admin("host", "key", "forget", broken);

        refuses(
                "key-unknown",
                "the host key of "
                        + broken
                        + " has not been accepted yet; an administrator does that with: host key"
                        + " trust "
                        + broken);
    }

    @Test
    void storedKeyThatTheHostDoesNotTake() {
        bastion.admin("account", "remove", broken, bastion.login());
        bastion.addKeyAccount(broken, bastion.login(), bastion.key("audrey"));

        refuses("credential-refused", credentialRefused());
    }

    @Test
    void storedPasswordThatTheHostDoesNotTake() {
        broken = "build";
        bastion.admin("account", "remove", broken, "demo");
        bastion.adminWith("wrong\n", "account", "add", broken, "demo", "--password-stdin");

        refuses("credential-refused", credentialRefused());
    }

    @Test
    void hostThatWantsAnotherWayOfLoggingIn() {
        try (SshdHost host = sshd("PubkeyAuthentication no", "KbdInteractiveAuthentication yes")) {
            refuses("credential-refused", credentialRefused());
            isLeft(host);
        }
    }

    @Test
    void hostThatGivesNoTerminal() {
        try (SshdHost host = sshd("PermitTTY no")) {
            String sentence = bastion.login() + "@" + broken + ": the host gave no terminal";
            showsInTheMenu(sentence);
            assertThat(refusal("no-shell").detail()).isEqualTo(sentence);
            assertThat(bastion.run("alice+" + broken, "echo in").text()).isEqualTo("in\n");
            isLeft(host);
        }
    }

    @Test
    void hostThatOpensNoSession() {
        try (SshdHost host = sshd("MaxSessions 0")) {
            refuses(
                    "no-shell",
                    bastion.login() + "@" + broken + ": the host did not open a session");
            isLeft(host);
        }
    }

    @Test
    void shellThatTheHostCannotStart() {
        try (SshdHost host = sshd("ChrootDirectory /no-such-folder")) {
            SshClient.Result direct = SshClient.run(host.sshArguments(), LIMIT);
            SshClient.Result through = bastion.run("alice+" + broken);

            assertThat(direct.exitStatus()).isEqualTo(255);
            assertThat(through.exitStatus()).isEqualTo(255);
            assertThat(through.stderr()).isEqualTo(direct.stderr());
            assertThat(end(broken).exit()).isEqualTo(255);
            isLeft(host);
        }
    }

    /** A command is refused with the sentence, and the record says it to the auditor. */
    private void refuses(String reason, String sentence) {
        SshClient.Result result = bastion.run("alice+" + broken, "true");

        assertThat(result.stderr()).isEqualTo("bastion: " + sentence + "\n");
        assertThat(result.text()).isEmpty();
        assertThat(result.exitStatus()).isEqualTo(255);
        TargetRefused refusal = refusal(reason);
        assertThat(refusal.detail()).isEqualTo(sentence);
        assertThat(refusal.user()).isEqualTo("alice");
        assertThat(refusal.from()).isEqualTo("127.0.0.1");
    }

    private TargetRefused refusal(String reason) {
        return bastion.awaitRefusal(
                refused -> refused.reason().equals(reason) && refused.target().contains(broken));
    }

    private SessionEnded end(String host) {
        return bastion.awaitRecord(
                SessionEnded.class, ended -> ended.context().host().equals(host));
    }

    /** Picked from the menu, the menu is back with the sentence, and reaches a good host. */
    private void showsInTheMenu(String sentence) {
        try (PtySshClient client = PtySshClient.start(bastion.ssh("alice"), 200, 24, Map.of())) {
            client.expectScreen("Enter", LIMIT);
            client.send(broken + "\r");
            client.expectScreen(Pattern.quote(sentence), LIMIT);
            client.send("web1\r");
            client.send("echo on=$RIG_HOST=\r");
            client.expect("on=web1=", LIMIT);
            client.send("exit\r");
            client.expectScreen("session ended", LIMIT);
            client.send("\u001b");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    private void moveTo(String address) {
        bastion.admin("host", "set", broken, "--address", address);
    }

    /** The host of the test is a real sshd with this in its configuration. */
    private SshdHost sshd(String... configuration) {
        SshdHost host = SshdHost.start(folder, "127.0.0.1", List.of(configuration));
        moveTo(address(host));
        bastion.admin("host", "key", "trust", broken, "--yes");
        bastion.admin("account", "remove", broken, bastion.login());
        bastion.addKeyAccount(broken, host.login(), host.userKeys());
        return host;
    }

    private static String address(SshdHost host) {
        return host.address() + ":" + host.port();
    }

    private String endedHandshake() {
        return broken + " ended the SSH handshake, or shows none of its known host keys";
    }

    private String credentialRefused() {
        return broken + " does not take the stored credential; tell an administrator";
    }

    private static void isLeft(BadHost host) {
        assertThat(host.accepted()).as("connections to the bad host").isPositive();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(host.open()).isZero());
    }

    private static void isLeft(SshdHost host) {
        await().atMost(LIMIT).until(() -> !host.hasConnections());
    }

    private static void sendWithoutEnd(Socket connection) throws IOException {
        byte[] piece = "x".repeat(1000).getBytes(US_ASCII);
        while (true) {
            connection.getOutputStream().write(piece);
        }
    }
}
