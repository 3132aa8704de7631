package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.ForwardClosed;
import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshAgent;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What else than commands and files goes through a connection inside another. */
@TestInstance(Lifecycle.PER_CLASS)
final class JumpForwardIT {

    private final JumpScene scene;
    private final RunningBastion bastion;
    private final Path folder;
    private final String web1;
    private final BadHost echo =
            BadHost.answering(connection ->
                    connection.getInputStream().transferTo(connection.getOutputStream()));

    JumpForwardIT(@TempDir Path folder) {
        this.folder = folder;
        scene = new JumpScene(folder, settings -> settings);
        bastion = scene.bastion;
        web1 = bastion.login() + "@web1";
        bastion.grant("web1", bastion.login(), "forward,agent");
    }

    @AfterAll
    void close() {
        echo.close();
        scene.close();
    }

    @Test
    void standardInputAndOutputOfAServer() {
        byte[] bytes = random(3_000_001);

        SshClient.Result result = scene.ssh(scene.home(), bytes, "-W", echo.address(), web1);

        assertThat(result.exitStatus()).as(result::stderr).isZero();
        assertThat(result.stdout()).isEqualTo(bytes);
        assertThat(carried(bytes.length).context().host()).isEqualTo("web1");
    }

    @Test
    void aPortHere() throws Exception {
        int port = FreePort.find();
        try (RunningSsh _ = start("-N", "-L", port + ":" + echo.address(), web1)) {
            byte[] bytes = random(300_002);

            assertThat(echoed(connect(port), bytes)).isEqualTo(bytes);
            assertThat(carried(bytes.length).toOperator()).isEqualTo(bytes.length);
        }
    }

    @Test
    void aPortOfTheHost() throws Exception {
        int port = FreePort.find();
        try (RunningSsh _ = start("-N", "-R", port + ":" + echo.address(), web1)) {
            byte[] bytes = random(300_003);

            assertThat(echoed(connect(port), bytes)).isEqualTo(bytes);
            ForwardClosed closed = carried(bytes.length);
            assertThat(opened(closed).direction()).isEqualTo("remote");
        }
        await().atMost(LIMIT).until(() -> !accepts(port));
    }

    @Test
    void aShellAndASocksProxyAsEditorsHaveThem() throws Exception {
        int port = FreePort.find();
        List<String> words = new ArrayList<>(scene.home());
        words.addAll(List.of("-T", "-D", "127.0.0.1:" + port, web1, "bash"));
        Process editor = SshClient.start("ssh", words);
        try (var commands = editor.outputWriter()) {
            commands.write("echo ready on $RIG_HOST\n");
            commands.flush();
            assertThat(editor.inputReader().readLine()).isEqualTo("ready on web1");
            InetAddress here = InetAddress.getLoopbackAddress();
            Socket server =
                    new Socket(new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(here, port)));
            server.connect(new InetSocketAddress(here, port(echo)));
            byte[] bytes = random(300_004);

            assertThat(echoed(server, bytes)).isEqualTo(bytes);
            assertThat(opened(carried(bytes.length)).destination()).isEqualTo(echo.address());
            commands.write("echo still here; exit 5\n");
            commands.flush();
            assertThat(editor.inputReader().readLine()).isEqualTo("still here");
            assertThat(editor.waitFor()).isEqualTo(5);
        } finally {
            editor.destroyForcibly();
        }
    }

    @Test
    void theAgentWhereItIsGranted() throws Exception {
        try (SshAgent agent = SshAgent.start(folder)) {
            List<String> lent =
                    new ArrayList<>(List.of("-o", "IdentityAgent=" + agent.socket(), "-A"));
            lent.addAll(scene.home());
            String command = "ssh-add -l; echo \"socket=$SSH_AUTH_SOCK\"";

            assertThat(scene.ssh(lent, new byte[0], web1, command).text())
                    .contains("The agent has no identities", "socket=/");
            assertThat(scene.ssh(lent, new byte[0], bastion.login() + "@web2", command).text())
                    .contains("socket=\n");
            bastion.awaitRecord(ForwardOpened.class, record -> record.direction().equals("agent"));
        }
    }

    @Test
    void notX11() {
        List<String> words = new ArrayList<>(List.of("DISPLAY=:7", "ssh", "-Y"));
        words.addAll(scene.home("LogLevel ERROR"));
        words.addAll(List.of(web1, "echo ${DISPLAY-none}; exit 3"));

        SshClient.Result result = SshClient.runProgram("env", words, new byte[0], LIMIT);

        assertThat(result.exitStatus()).as(result::stderr).isEqualTo(3);
        assertThat(result.text()).isEqualTo("none\n");
        assertThat(result.stderr()).contains("X11 forwarding request failed");
    }

    @Test
    void notMosh() {
        SshClient.Result result = scene.ssh(web1, "mosh-server new -s");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).startsWith("bastion: mosh");
        bastion.awaitRefusal(refused -> refused.reason().equals("unsupported"));
    }

    /** From the host on it is a connection of the host's, to which the bastion is no party. */
    @Test
    void theHostIsTheNextJump() {
        SshdHost next = bastion.web2();
        SshClient.Result result =
                scene.ssh(
                        "-J",
                        "bastion," + web1,
                        "-o",
                        "StrictHostKeyChecking=no",
                        "-o",
                        "UserKnownHostsFile=/dev/null",
                        "-i",
                        next.userKeys().privateFile().toString(),
                        "-p",
                        String.valueOf(next.port()),
                        next.login() + "@" + next.address(),
                        "echo $RIG_HOST; exit 9");

        assertThat(result.text()).as("%s", result).isEqualTo("web2\n");
        assertThat(result.exitStatus()).isEqualTo(9);
        ForwardOpened opened =
                bastion.awaitRecord(
                        ForwardOpened.class,
                        record -> record.destination().equals(next.address() + ":" + next.port()));
        assertThat(opened.context().host()).isEqualTo("web1");
        assertThat(opened.context().account()).isEqualTo(bastion.login());
    }

    private RunningSsh start(String... more) {
        List<String> words = new ArrayList<>(scene.home());
        words.addAll(List.of(more));
        return RunningSsh.start(words);
    }

    /** The record of the connection that carried so much to the host, or came from there. */
    private ForwardClosed carried(long bytes) {
        return bastion.awaitRecord(
                ForwardClosed.class,
                record -> record.toHost() == bytes && record.toOperator() == bytes);
    }

    private ForwardOpened opened(ForwardClosed closed) {
        return bastion.awaitRecord(
                ForwardOpened.class, record -> record.context().equals(closed.context()));
    }

    private static Socket connect(int port) {
        return await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), _ -> true);
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] echoed(Socket server, byte[] bytes) throws IOException {
        try (server) {
            Thread.ofVirtual().start(() -> send(server, bytes));
            return server.getInputStream().readAllBytes();
        }
    }

    private static void send(Socket server, byte[] bytes) {
        try {
            server.getOutputStream().write(bytes);
            server.shutdownOutput();
        } catch (IOException e) {
            // What came back tells.
        }
    }

    private static int port(BadHost server) {
        return Integer.parseInt(server.address().replaceFirst(".*:", ""));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
