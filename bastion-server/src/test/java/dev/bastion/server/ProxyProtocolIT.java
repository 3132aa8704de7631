package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.LoginAttempted;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.RawClient;
import dev.bastion.server.rig.SshClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A load balancer at 127.0.0.1 says who really comes; nobody else may.
 *
 * <pre>
 * ssh ── balancer (a header, then every byte) ── bastion
 * </pre>
 */
@TestInstance(Lifecycle.PER_CLASS)
final class ProxyProtocolIT {

    private static final String KEY_EXCHANGE = "kex-strict-s-v00@openssh.com";
    private static final int EACH = 2;
    private static final String OTHER = "127.0.0.2";
    private static final String BALANCER = "127.0.0.1";

    private final RunningBastion bastion;

    ProxyProtocolIT(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("proxy.yaml");
        Files.writeString(
                file,
                """
                proxyProtocolFrom: [127.0.0.1]
                connectionsPerAddress: %d
                """
                        .formatted(EACH));
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), file, "127.0.0.1:0"));
        bastion.addHost(
                "near",
                bastion.web1().address() + ":" + bastion.web1().port(),
                bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount("near", bastion.login(), bastion.web1().userKeys());
        for (String network : List.of("203.0.113.0/24", "2001:db8::/32")) {
            bastion.admin(
                    "grant",
                    "add",
                    "--user",
                    "alice",
                    "--host",
                    "near",
                    "--account",
                    bastion.login(),
                    "--from",
                    network);
        }
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9, true",
        "198.51.100.9, 198.51.100.9, false",
        "2001:db8:0:0:0:0:0:7, 2001:db8::7, true",
        "2001:db9::7, 2001:db9::7, false"
    })
    void recordsAndJudgesByTheAddressThatTheBalancerTells(
            String source, String recorded, boolean granted) {
        try (BadHost balancer = balancer(header(source))) {
            SshClient.Result result = through(balancer, "alice+near", "echo in");

            assertThat(result.text()).as("%s", result).isEqualTo(granted ? "in\n" : "");
        }
        assertThat(
                        bastion.awaitRecord(
                                        LoginAttempted.class,
                                        login -> login.from().equals(recorded))
                                .accepted())
                .isTrue();
    }

    @Test
    void countsConnectionsByTheAddressThatTheBalancerTells() {
        try (RawClient one = raw(BALANCER, header("203.0.113.7"));
                RawClient two = raw(BALANCER, header("203.0.113.7"))) {
            keepsOpen(one);
            keepsOpen(two);
            try (RawClient three = raw(BALANCER, header("203.0.113.7"));
                    RawClient other = raw(BALANCER, header("203.0.113.8"))) {
                three.untilClosed();
                keepsOpen(other);
            }
        }
    }

    @Test
    void takesAHeaderThatComesByteByByte() {
        try (RawClient slow = raw(BALANCER, bytes(""))) {
            for (byte one : header("203.0.113.10")) {
                slow.send(new byte[] {one});
            }
            keepsOpen(slow);
        }
    }

    @Test
    void takesTheBalancersOwnConnectionAsItsOwn() {
        try (RawClient check = raw(BALANCER, bytes("0d0a0d0a000d0a515549540a20000000"))) {
            keepsOpen(check);
        }
    }

    @Test
    void refusesABalancerThatDoesNotSayWho() {
        try (RawClient client = raw(BALANCER, bytes(""))) {
            byte[] said = client.send("SSH-2.0-raw\r\n").untilClosed();
            assertThat(new String(said, StandardCharsets.ISO_8859_1)).doesNotContain(KEY_EXCHANGE);
        }
        try (BadHost balancer = balancer(bytes(""))) {
            assertThat(through(balancer, "alice", "hosts").exitStatus()).isEqualTo(255);
        }
    }

    @Test
    void refusesAHeaderThatIsMalformed() {
        byte[] header = header("203.0.113.9");
        header[13] = 0x31;
        try (RawClient client = raw(BALANCER, header)) {
            client.untilClosed();
        }
    }

    @Test
    void refusesAHeaderFromAnyoneElseAndLetsThemInWithout() {
        try (RawClient liar = raw(OTHER, header("203.0.113.9"))) {
            liar.untilClosed();
        }
        try (RawClient honest = raw(OTHER, bytes(""))) {
            keepsOpen(honest);
        }
    }

    /** The bastion begins a key exchange only with a client that has identified itself. */
    private static void keepsOpen(RawClient client) {
        client.send("SSH-2.0-raw\r\n").until(KEY_EXCHANGE);
    }

    private RawClient raw(String from, byte[] first) {
        return RawClient.connect(bastion.port(), from, LIMIT).send(first);
    }

    /** Sends the header and then what comes, both ways. */
    private BadHost balancer(byte[] header) {
        return BadHost.answering(client -> {
            try (Socket door = new Socket(InetAddress.ofLiteral(BALANCER), bastion.port())) {
                door.getOutputStream().write(header);
                Thread.ofVirtual().name("balancer").start(() -> pipe(door, client));
                pipe(client, door);
            }
        });
    }

    private static void pipe(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One of the two has left.
        }
    }

    private SshClient.Result through(BadHost balancer, String address, String command) {
        List<String> arguments = new ArrayList<>();
        arguments.add("-oPort=" + balancer.address().split(":", 2)[1]);
        arguments.add("-oHostKeyAlias=[127.0.0.1]:" + bastion.port());
        arguments.addAll(bastion.ssh(address, command));
        return SshClient.run(arguments, LIMIT);
    }

    private static byte[] header(String source) {
        byte[] address = InetAddress.ofLiteral(source).getAddress();
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(bytes("0d0a0d0a000d0a515549540a21"));
        header.writeBytes(bytes(address.length == 4 ? "11000c" : "210024"));
        header.writeBytes(address);
        header.writeBytes(address);
        header.writeBytes(bytes("c0000016"));
        return header.toByteArray();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
