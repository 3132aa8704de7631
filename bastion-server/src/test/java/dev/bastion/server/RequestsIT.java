package dev.bastion.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.SessionId;
import dev.bastion.server.RawConnection.RawChannel;
import dev.bastion.server.rig.FreePort;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests and openings, one after another, by the same client to the same OpenSSH server, directly
 * and through the bastion: the answers are the same.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class RequestsIT {

    private static final byte[] NOTHING = {};

    private final Path folder;
    private final RunningBastion bastion;
    private int sockets;

    RequestsIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        bastion.grant("web1", bastion.login(), "shell,exec,forward");
    }

    @AfterEach
    void nothingIsLeft() {
        bastion.awaitNothingLeft();
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    private RawConnection direct() throws Exception {
        return new RawConnection(bastion.login(), bastion.web1().port(), bastion.web1().userKeys());
    }

    private RawConnection throughTheBastion() throws Exception {
        return new RawConnection("alice+web1", bastion.port(), bastion.key("alice"));
    }

    @Test
    void requestsOfTheConnectionAreAnsweredAsTheServerAnswersThem() throws Exception {
        try (RawConnection direct = direct();
                RawConnection through = throughTheBastion()) {
            Map<String, String> expected = global(direct);

            assertThat(global(through)).containsExactlyEntriesOf(expected);
            assertThat(expected)
                    .containsEntry("a port of its choice", "success:4 bytes")
                    .containsEntry("a port", "success:")
                    .containsEntry("the same port", "failure")
                    .containsEntry("a socket", "success:")
                    .containsEntry("no more of the socket", "success:")
                    .containsEntry("a host key of another", "failure");
        }
    }

    private Map<String, String> global(RawConnection connection) throws Exception {
        int port = FreePort.find();
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("keepalive", connection.global("keepalive@openssh.com", NOTHING));
        answers.put("unknown", connection.global("unknown@example.org", new byte[] {1, 2, 3}));
        // An answer to it would be taken for the next one's.
        connection.globalWithoutReply("unknown@example.org");
        answers.put("a port", connection.global("tcpip-forward", listen(port)));
        answers.put("the same port", connection.global("tcpip-forward", listen(port)));
        String chosen = connection.global("tcpip-forward", listen(0));
        answers.put("a port of its choice", chosen.replaceFirst("[0-9a-f]{8}$", "4 bytes"));
        answers.put("no more of it", connection.global("cancel-tcpip-forward", listen(port)));
        answers.put("nor again", connection.global("cancel-tcpip-forward", listen(port)));
        answers.put(
                "no more of the chosen",
                connection.global(
                        "cancel-tcpip-forward",
                        listen(Integer.parseInt(chosen.replaceFirst("success:", ""), 16))));
        answers.put(
                "a host key of another",
                connection.global(
                        "hostkeys-prove-00@openssh.com", string("not a key".getBytes(UTF_8))));
        answers.put(
                "its host key",
                proves(
                        connection,
                        connection.global(
                                "hostkeys-prove-00@openssh.com", string(connection.serverKey()))));
        answers.put("x11", connection.open("x11", NOTHING).outcome().replaceAll("\\d", "N"));
        answers.put(
                "unknown channel",
                connection.open("unknown@example.org", NOTHING).outcome().replaceAll("\\d", "N"));
        answers.put(
                "a connection to nobody",
                connection.open("direct-tcpip", connect(FreePort.find())).outcome());
        answers.put("goes on after that", connection.global("keepalive@openssh.com", NOTHING));
        String path = folder.resolve("a socket " + sockets++).toString();
        byte[] socket = string(path.getBytes(UTF_8));
        answers.put("a socket", connection.global("streamlocal-forward@openssh.com", socket));
        answers.put(
                "the same socket", connection.global("streamlocal-forward@openssh.com", socket));
        answers.put(
                "no more of the socket",
                connection.global("cancel-streamlocal-forward@openssh.com", socket));
        answers.put(
                "nor of it again",
                connection.global("cancel-streamlocal-forward@openssh.com", socket));
        answers.put(
                "a connection to no socket",
                connection
                        .open(
                                "direct-streamlocal@openssh.com",
                                concat(socket, string(NOTHING), number(0)))
                        .outcome());
        answers.put("no more sessions", connection.global("no-more-sessions@openssh.com", NOTHING));
        return answers;
    }

    @Test
    void aRefusedConnectionEndsNoOtherThatSharesTheConnectionToTheHost() throws Exception {
        try (RawConnection through = throughTheBastion()) {
            RawChannel shell = through.open("session", NOTHING);
            assertThat(shell.outcome()).isEqualTo("open");
            assertThat(shell.ask("shell", NOTHING)).isEqualTo("success");
            shell.send("echo first\n");
            shell.awaitOutput();

            assertThat(through.open("direct-tcpip", connect(FreePort.find())).outcome())
                    .isEqualTo("refused:2");
            String port = through.global("tcpip-forward", listen(0)).replace("success:", "");
            try (Socket refused =
                    new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port, 16))) {
                // This client takes no connections.
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }

            assertThat(shell.ask("break", new byte[4])).isEqualTo("failure");
            shell.send("echo second\n");
            shell.awaitOutput();
            assertThat(bastion.liveSessions()).isEqualTo(1);
        }
    }

    @Test
    void afterNoMoreSessionsNoneIsOpenedAndTheOthersGoOn() throws Exception {
        try (RawConnection through = throughTheBastion()) {
            RawChannel shell = through.open("session", NOTHING);
            assertThat(shell.outcome()).isEqualTo("open");
            assertThat(shell.ask("shell", NOTHING)).isEqualTo("success");
            assertThat(through.global("no-more-sessions@openssh.com", NOTHING))
                    .isEqualTo("success:");

            assertThat(through.open("session", NOTHING).outcome()).startsWith("refused:");
            RawChannel forwarded = through.open("direct-tcpip", connect(bastion.web2().port()));
            assertThat(forwarded.outcome()).isEqualTo("open");
            shell.send("echo here\n");
            shell.awaitOutput();
        }
    }

    /** OpenSSH's server ends the connection for one; here others may be served by it too. */
    @Test
    void aMalformedRequestIsRefusedAndTheConnectionGoesOn() throws Exception {
        byte[] promised = {0, 0, 0, 9, '1'};
        byte[] negative = {-1, -1, -1, -1, '1'};
        try (RawConnection through = throughTheBastion()) {
            for (String request :
                    List.of(
                            "tcpip-forward",
                            "cancel-tcpip-forward",
                            "streamlocal-forward@openssh.com",
                            "cancel-streamlocal-forward@openssh.com",
                            "hostkeys-prove-00@openssh.com")) {
                for (byte[] malformed : List.of(promised, negative, new byte[] {0})) {
                    assertThat(through.global(request, malformed)).as(request).isEqualTo("failure");
                }
            }

            assertThat(through.global("tcpip-forward", listen(0))).startsWith("success:");
        }
    }

    /** As root OpenSSH's server delivers none; the demo host does. */
    @Test
    void aSignalReachesTheProcess() throws Exception {
        try (RawConnection through =
                new RawConnection("alice+build", bastion.port(), bastion.key("alice"))) {
            RawChannel command = through.open("session", NOTHING);
            assertThat(command.outcome()).isEqualTo("open");
            byte[] trap =
                    string("trap 'exit 9' USR1; echo; while sleep 0.1; do :; done".getBytes(UTF_8));
            assertThat(command.ask("exec", trap)).isEqualTo("success");
            command.awaitOutput();

            command.request("signal", false, string("USR1".getBytes(UTF_8)));

            bastion.awaitRecord(
                    SessionEnded.class,
                    end -> end.context().host().equals("build") && Objects.equals(end.exit(), 9));
        }
    }

    /** Whether the signature is the server's, over what the protocol says. */
    private static String proves(RawConnection connection, String answer) throws Exception {
        assertThat(answer).startsWith("success:");
        Buffer signature =
                new ByteArrayBuffer(
                        new ByteArrayBuffer(
                                        HexFormat.of()
                                                .parseHex(answer.substring("success:".length())))
                                .getBytes());
        assertThat(signature.getString()).isEqualTo("ssh-ed25519");
        Buffer signed = new ByteArrayBuffer();
        signed.putString("hostkeys-prove-00@openssh.com");
        signed.putBytes(connection.sessionId());
        signed.putBytes(connection.serverKey());
        PublicKey key = new ByteArrayBuffer(connection.serverKey()).getRawPublicKey();
        Signature verifier = BuiltinSignatures.ed25519.create();
        verifier.initVerifier(null, key);
        verifier.update(null, signed.getCompactData());
        return verifier.verify(null, signature.getBytes()) ? "proved" : "not proved";
    }

    @Test
    void requestsOfASessionAreAnsweredAsTheServerAnswersThem() throws Exception {
        try (RawConnection direct = direct();
                RawConnection through = throughTheBastion()) {
            Map<String, String> expected = session(direct);

            assertThat(session(through)).containsExactlyEntriesOf(expected);
            assertThat(expected)
                    .containsEntry("break", "success")
                    .containsEntry("a second shell", "failure");
        }
    }

    @Test
    void whatASessionDoesNotGetIsRecordedOnceHoweverOftenItIsAskedFor() throws Exception {
        try (RawConnection through = throughTheBastion()) {
            RawChannel channel = through.open("session", NOTHING);
            assertThat(channel.outcome()).isEqualTo("open");
            for (int i = 0; i < 3; i++) {
                assertThat(channel.ask("x11-req", new byte[13])).isEqualTo("failure");
            }
            assertThat(channel.ask("exec", string("sleep 60".getBytes(UTF_8))))
                    .isEqualTo("success");
            for (int i = 0; i < 3; i++) {
                assertThat(channel.ask("x11-req", new byte[13])).isEqualTo("failure");
                assertThat(channel.ask("auth-agent-req@openssh.com", NOTHING)).isEqualTo("failure");
            }
        }

        SessionId session =
                bastion.awaitRecord(CommandEntered.class, one -> one.command().equals("sleep 60"))
                        .context()
                        .session();
        bastion.awaitRecord(SessionEnded.class, one -> one.context().session().equals(session));
        assertThat(bastion.refusals().stream().flatMap(one -> one.within(session).stream()))
                .containsExactly(
                        "X11 is not forwarded through the bastion",
                        "an agent is lent from the start of a session, not later");
    }

    private static Map<String, String> session(RawConnection connection) throws Exception {
        Map<String, String> answers = new LinkedHashMap<>();
        RawChannel channel = connection.open("session", NOTHING);
        answers.put("session", channel.outcome());
        answers.put("unknown before", channel.ask("unknown@example.org", new byte[] {7}));
        answers.put("env", channel.ask("env", pair("LC_TEST", "x")));
        answers.put("x11", channel.ask("x11-req", new byte[13]));
        answers.put("signal before", channel.ask("signal", string("TERM".getBytes(UTF_8))));
        answers.put("terminal", channel.ask("pty-req", terminal()));
        // An answer to it would be taken for the next one's.
        channel.request("unknown@example.org", false, NOTHING);
        answers.put("shell", channel.ask("shell", NOTHING));
        answers.put("a second shell", channel.ask("shell", NOTHING));
        answers.put("exec in a shell", channel.ask("exec", string("true".getBytes(UTF_8))));
        answers.put("env in a shell", channel.ask("env", pair("LC_TEST", "x")));
        answers.put("terminal in a shell", channel.ask("pty-req", terminal()));
        answers.put("unknown", channel.ask("unknown@example.org", new byte[] {7}));
        channel.request("unknown@example.org", false, NOTHING);
        answers.put("size", channel.ask("window-change", new byte[16]));
        answers.put("break", channel.ask("break", new byte[4]));
        answers.put("xon-xoff", channel.ask("xon-xoff", new byte[] {1}));
        answers.put("signal", channel.ask("signal", string("INT".getBytes(UTF_8))));
        answers.put("unknown signal", channel.ask("signal", string("NONE".getBytes(UTF_8))));
        channel.request("eow@openssh.com", false, NOTHING);
        answers.put("after eow", channel.ask("unknown@example.org", NOTHING));
        return answers;
    }

    private static byte[] terminal() {
        return concat(string("xterm".getBytes(UTF_8)), new byte[16], string(new byte[] {0}));
    }

    private static byte[] listen(int port) {
        return concat(string("127.0.0.1".getBytes(UTF_8)), number(port));
    }

    private static byte[] connect(int port) {
        return concat(listen(port), listen(1));
    }

    private static byte[] pair(String name, String value) {
        return concat(string(name.getBytes(UTF_8)), string(value.getBytes(UTF_8)));
    }

    private static byte[] string(byte[] bytes) {
        return concat(number(bytes.length), bytes);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(256);
        for (byte[] part : parts) {
            all.put(part);
        }
        byte[] bytes = new byte[all.position()];
        all.flip().get(bytes);
        return bytes;
    }
}
