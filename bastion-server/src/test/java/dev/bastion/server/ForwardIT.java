package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static dev.bastion.server.rig.EchoServer.assertEchoes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionId;
import dev.bastion.server.rig.EchoServer;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.SshAgent;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * OpenSSH's {@code -W -L -D -R -A} through a real host, to a server that sends back what it gets.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class ForwardIT {

    private final RunningBastion bastion;
    private final EchoServer echo = new EchoServer();
    private final List<Process> clients = new ArrayList<>();
    private final Path folder;

    ForwardIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        String address = bastion.web1().address() + ":" + bastion.web1().port();
        bastion.addHost("gate", address, bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount("gate", bastion.login(), bastion.web1().userKeys());
        bastion.admin(
                "grant",
                "add",
                "--user",
                "alice",
                "--host",
                "gate",
                "--account",
                bastion.login(),
                "--rights",
                "forward,agent,exec,shell");
    }

    @AfterEach
    void endClients() throws InterruptedException {
        for (Process client : clients) {
            client.destroyForcibly();
            client.waitFor();
        }
        clients.clear();
    }

    @AfterAll
    void close() {
        echo.close();
        bastion.close();
    }

    @Test
    void carriesStandardInputAndOutputBitForBit() {
        byte[] bytes = random(5_000_000);

        SshClient.Result result =
                SshClient.run(bastion.ssh("alice+gate", "-W", echo.address()), bytes, LIMIT);

        assertThat(result.exitStatus()).as("%s", result.stderr()).isZero();
        assertThat(result.stdout()).isEqualTo(bytes);
    }

    @Test
    void recordsWhereAConnectionWentAndHowMuchItCarried() {
        SshClient.run(
                bastion.ssh("alice+gate", "-W", "localhost:" + echo.port()),
                new byte[12_345],
                LIMIT);

        AuditRecord.ForwardOpened opened =
                bastion.awaitRecord(
                        AuditRecord.ForwardOpened.class,
                        record -> record.destination().equals("localhost:" + echo.port()));
        assertThat(opened.direction()).isEqualTo("local");
        assertThat(opened.context().user()).isEqualTo("alice");
        assertThat(opened.context().host()).isEqualTo("gate");
        AuditRecord.ForwardClosed closed =
                bastion.awaitRecord(
                        AuditRecord.ForwardClosed.class,
                        record -> record.context().session().equals(opened.context().session()));
        assertThat(closed.toHost()).isEqualTo(12_345);
        assertThat(closed.toOperator()).isEqualTo(12_345);
        String session = opened.context().session().value();
        JsonNode row =
                bastion.awaitAudit(
                                rows -> rows.size() == 1 && !rows.getFirst().get("end").isNull(),
                                "forwards",
                                "--session",
                                session)
                        .getFirst();
        assertThat(row.get("user").asString()).isEqualTo("alice");
        assertThat(row.get("destination").asString()).isEqualTo("localhost:" + echo.port());
        assertThat(row.get("toHost").asLong()).isEqualTo(12_345);
        assertThat(bastion.run("audrey", "audit show " + session).text())
                .contains("forward", "localhost:" + echo.port(), "12345");
    }

    @Test
    void carriesManyConnectionsAtOnceOverOneToTheHost() throws Exception {
        int port = FreePort.find();
        listen(port);
        int connections = 40;

        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                byte[] bytes = random(200_000 + i);
                all.add(CompletableFuture.runAsync(() -> assertEchoes(direct(port), bytes), pool));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        }
        assertThat(bastion.web1().clients()).isEqualTo(1);
    }

    @Test
    void servesAShellAndASocksProxyOverOneConnectionAsEditorsDo() throws Exception {
        int port = FreePort.find();
        Process editor =
                SshClient.start(
                        "ssh", bastion.ssh("alice+gate", "-T", "-D", "127.0.0.1:" + port, "bash"));
        clients.add(editor);
        OutputStream commands = editor.getOutputStream();
        commands.write("echo ready\n".getBytes(StandardCharsets.UTF_8));
        commands.flush();
        assertThat(editor.inputReader().readLine()).isEqualTo("ready");

        Proxy proxy =
                new Proxy(
                        Proxy.Type.SOCKS,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        for (int i = 0; i < 10; i++) {
            Socket socket = new Socket(proxy);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.port()));
            assertEchoes(socket, random(100_000));
        }
        commands.write("echo still here\n".getBytes(StandardCharsets.UTF_8));
        commands.flush();
        assertThat(editor.inputReader().readLine()).isEqualTo("still here");
        commands.close();
        assertThat(editor.waitFor()).isZero();
    }

    @Test
    void aPortOfTheHostComesToTheOperator() throws Exception {
        Process client =
                SshClient.start("ssh", talkative("alice+gate", "-N", "-R", "0:" + echo.address()));
        clients.add(client);
        String said = client.errorReader().readLine();
        assertThat(said).startsWith("Allocated port ");
        int port = Integer.parseInt(said.replaceAll("\\D*(\\d+) for remote.*", "$1"));

        assertEchoes(direct(port), random(1_000_000));
        assertEchoes(direct(port), random(10));

        bastion.awaitRecord(
                AuditRecord.ForwardOpened.class,
                record ->
                        record.direction().equals("remote")
                                && record.destination().endsWith(":" + port));
        bastion.awaitRecord(
                AuditRecord.ForwardClosed.class, record -> record.toOperator() == 1_000_000);
        client.destroyForcibly();
        client.waitFor();
        await().atMost(Duration.ofSeconds(20)).until(() -> !accepts(port));
        AuditRecord.ForwardOpened listened =
                bastion.awaitRecord(
                        AuditRecord.ForwardOpened.class,
                        record ->
                                record.direction().equals("listen")
                                        && record.destination().endsWith(":0"));
        bastion.awaitRecord(
                AuditRecord.SessionEnded.class,
                record -> record.context().session().equals(listened.context().session()));
    }

    @Test
    void aPortOfTheHostIsGivenBackWhenItIsCancelled() throws Exception {
        Path control = folder.resolve("control");
        int port = FreePort.find();
        String forward = port + ":" + echo.address();
        List<String> master = bastion.ssh("alice+gate", "-N", "-f", "-M", "-S", control.toString());
        assertThat(SshClient.run(master, LIMIT).exitStatus()).isZero();
        for (int i = 0; i < 2; i++) {
            assertThat(control("-O", "forward", "-R", forward)).isZero();
            assertEchoes(direct(port), random(1000));
            assertThat(control("-O", "cancel", "-R", forward)).isZero();
            await().atMost(LIMIT).until(() -> !accepts(port));
        }
        assertThat(control("-O", "exit")).isZero();
    }

    private int control(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("-S", folder.resolve("control").toString()));
        return SshClient.run(bastion.ssh("alice+gate", arguments.toArray(String[]::new)), LIMIT)
                .exitStatus();
    }

    @Test
    void noPortOfAHostWithoutTheRight() {
        SshClient.Result result =
                SshClient.run(
                        talkative(
                                "alice+web1",
                                "-o",
                                "ExitOnForwardFailure=yes",
                                "-N",
                                "-R",
                                "0:" + echo.address()),
                        LIMIT);

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("remote port forwarding failed");
    }

    @Test
    void theAgentIsOfferedWhereItIsGranted() throws Exception {
        String command = "ssh-add -l; echo \"socket=$SSH_AUTH_SOCK\"";
        SshClient.Result granted;
        SshClient.Result denied;
        try (SshAgent agent = SshAgent.start(folder)) {
            granted = SshClient.run(withAgent(agent.socket(), "alice+gate", command), LIMIT);
            denied = SshClient.run(withAgent(agent.socket(), "alice+web1", command), LIMIT);
        }

        assertThat(granted.text()).contains("The agent has no identities", "socket=/");
        assertThat(denied.text()).contains("socket=\n");
        bastion.awaitRecord(
                AuditRecord.ForwardOpened.class, record -> record.direction().equals("agent"));
        assertThat(
                        bastion.awaitRefusal(record -> record.detail().contains("agent"))
                                .within(lastSession("web1")))
                .contains("no grant gives agent: the agent is not lent to the host");
        assertThat(bastion.refusals())
                .filteredOn(record -> record.detail().contains("agent"))
                .hasSize(1);
    }

    private SessionId lastSession(String host) {
        return bastion.records(AuditRecord.SessionStarted.class).reversed().stream()
                .filter(record -> record.context().host().equals(host))
                .findFirst()
                .orElseThrow()
                .context()
                .session();
    }

    private List<String> withAgent(Path socket, String address, String command) {
        return bastion.ssh(address, "-A", command).stream()
                .map(word -> word.equals("IdentityAgent=none") ? "IdentityAgent=" + socket : word)
                .toList();
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void saysWhatTheHostSaysWhenNobodyListensThere() throws Exception {
        SshClient.Result result = bastion.run("alice+gate", "-W", "127.0.0.1:" + FreePort.find());

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stdout()).isEmpty();
        bastion.awaitRecord(
                AuditRecord.SessionEnded.class, record -> record.reason().equals("refused"));
    }

    @Test
    void isRefusedWithoutTheRight() {
        SshClient.Result result =
                SshClient.run(talkative("alice+web1", "-W", echo.address()), LIMIT);

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("there is no web1 that you may reach with this");
        bastion.awaitRefusal(
                record -> record.reason().equals("not-granted") && record.target().equals("web1"));
    }

    @Test
    void isRefusedWhereNoTargetIsNamed() {
        SshClient.Result result = SshClient.run(talkative("alice", "-W", echo.address()), LIMIT);

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stderr()).contains("name the host to forward through: alice+HOST@");
    }

    @Test
    void aClientThatIsKilledLeavesNothingBehind() throws Exception {
        int port = FreePort.find();
        Process client = listen(port);
        try (Socket open = direct(port)) {
            open.getOutputStream().write(1);
            assertThat(open.getInputStream().read()).isEqualTo(1);
            client.destroyForcibly().waitFor();
            assertThat(open.getInputStream().read()).isEqualTo(-1);
        }
        bastion.awaitNothingLeft();
    }

    /** The client tells what the server says of a channel, as it does unless told otherwise. */
    private List<String> talkative(String address, String... more) {
        return bastion.ssh(address, more).stream()
                .map(word -> word.equals("LogLevel=ERROR") ? "LogLevel=INFO" : word)
                .toList();
    }

    /** {@code ssh} that listens, when it does. */
    private Process listen(int port) throws IOException {
        Process client =
                SshClient.start(
                        "ssh", bastion.ssh("alice+gate", "-N", "-L", port + ":" + echo.address()));
        clients.add(client);
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> isOpen(port));
        return client;
    }

    private static boolean isOpen(int port) throws IOException {
        try (Socket socket = direct(port)) {
            return socket.isConnected();
        }
    }

    private static Socket direct(int port) {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
