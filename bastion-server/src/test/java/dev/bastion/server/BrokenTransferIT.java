package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.FileOperated;
import dev.bastion.audit.AuditRecord.ForwardClosed;
import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.SessionContext;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A host is gone in the middle of a file or of a forwarded connection: the client is told, and the
 * records say how far it came.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class BrokenTransferIT {

    private static final String LOST = "the connection to the host was lost";

    /** Takes clients twenty seconds with {@link #SLOWLY}. */
    private static final int FILE_BYTES = 20 << 20;

    private static final List<String> SLOWLY = List.of("-l", "8000");

    private final SftpScene scene;
    private final RunningBastion bastion;
    private final BadHost echo =
            BadHost.answering(connection ->
                    connection.getInputStream().transferTo(connection.getOutputStream()));

    BrokenTransferIT(@TempDir Path folder) {
        scene = new SftpScene(folder);
        bastion = scene.bastion;
        bastion.addSshd("gate", bastion.web1());
        bastion.grant("gate", bastion.login(), "forward");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
    }

    @AfterEach
    void isAsBefore() {
        assertThat(bastion.run("alice+web1", "echo $RIG_HOST").text()).isEqualTo("web1\n");
        bastion.awaitNothingLeft();
    }

    @AfterAll
    void close() {
        echo.close();
        scene.close();
    }

    @ParameterizedTest
    @CsvSource({"scp -s, read", "scp -s, write", "scp -O, write"})
    void aFileWhoseHostIsKilled(String program, String operation) throws Exception {
        boolean up = operation.equals("write");
        Path from = (up ? scene.here : scene.there).resolve("large");
        Path to = (up ? scene.there : scene.here).resolve("copy");
        SftpScene.fill(from, FILE_BYTES);
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.add(program.substring(4));
        words.addAll(SLOWLY);
        String address = "alice+web1@127.0.0.1:";
        words.addAll(List.of((up ? "" : address) + from, (up ? address : "") + to));

        Process client = SshClient.start("scp", words);
        isInTheMiddle(client, to);
        bastion.web1().killConnections();

        assertThat(client.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).isNotZero();
        assertThat(new String(client.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("bastion: " + LOST);
        FileOperated unfinished = unfinished(operation);
        assertThat(unfinished.bytes()).isBetween(1L, FILE_BYTES - 1L);
        assertThat(unfinished.sha256()).isNull();
        assertThat(endOf(unfinished.context()).reason()).isEqualTo("host-lost");
    }

    @Test
    void aFileOfOneOfTheHostsInASessionWithAll() throws Exception {
        SftpScene.fill(scene.there.resolve("large"), FILE_BYTES);
        Files.writeString(scene.there.resolve("small"), "contents");
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(SLOWLY);
        words.addAll(List.of("-b", "-", "alice@127.0.0.1"));
        Process client = SshClient.start("sftp", words);
        try (var batch = client.outputWriter()) {
            batch.write(
                    "-get /web1%s/large %s/large%n".formatted(scene.there, scene.here)
                            + "get /web2%s/small %s/small%n".formatted(scene.there, scene.here));
        }
        isInTheMiddle(client, scene.here.resolve("large"));
        bastion.web1().killConnections();

        assertThat(client.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).isZero();
        assertThat(scene.here.resolve("small")).hasContent("contents");
        FileOperated unfinished = unfinished("read");
        assertThat(unfinished.context().host()).isEqualTo("web1");
        assertThat(endOf(unfinished.context()).reason()).isEqualTo("host-lost");
    }

    /** The client's connection goes on, and its next one is made to the host anew. */
    @Test
    void aConnectionToAServerWhoseHostIsKilled() throws Exception {
        int port = FreePort.find();
        try (RunningSsh _ =
                RunningSsh.start(
                        bastion.ssh("alice+gate", "-N", "-L", port + ":" + echo.address()))) {
            try (Socket through = echoes(port)) {
                bastion.web1().killConnections();
                assertThat(through.getInputStream().read()).isEqualTo(-1);
            }
            ForwardClosed closed =
                    bastion.awaitRecord(ForwardClosed.class, record -> record.toHost() == 1);
            assertThat(endOf(closed.context()).reason()).isEqualTo("host-lost");
            echoes(port).close();
        }
    }

    @Test
    void aPortOfAHostThatIsKilled() throws Exception {
        int port = FreePort.find();
        try (RunningSsh client = listening(port, echo.address())) {
            echoes(port).close();
            bastion.web1().killConnections();

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors())
                    .contains("gate listens no more on localhost:" + port + ": " + LOST);
        }
        assertThat(endOfListening(port).reason()).isEqualTo("host-lost");
    }

    /** The operator's side has yet to take what came through it: the client is ended after that. */
    @Test
    void aPortOfAHostThatIsKilledBeforeAConnectionThroughItIsOver() throws Exception {
        int port = FreePort.find();
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, here);
                RunningSsh client = listening(port, "127.0.0.1:" + server.getLocalPort());
                Socket through = connects(port)) {
            Thread.ofVirtual().start(() -> fill(through));
            try (Socket _ = server.accept()) {
                TimeUnit.SECONDS.sleep(1);
                bastion.web1().killConnections();
                assertThat(endOfListening(port).reason()).isEqualTo("host-lost");
                TimeUnit.SECONDS.sleep(1);
            }

            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
            assertThat(client.errors()).contains("gate listens no more on localhost:" + port);
        }
    }

    /** A client that only listens. */
    private RunningSsh listening(int port, String destination) {
        return RunningSsh.start(
                bastion.ssh("alice+gate", "-N", "-R", port + ":" + destination).stream()
                        .map(word -> word.equals("LogLevel=ERROR") ? "LogLevel=INFO" : word)
                        .toList());
    }

    private SessionEnded endOfListening(int port) {
        ForwardOpened listened =
                bastion.awaitRecord(
                        ForwardOpened.class,
                        record ->
                                record.direction().equals("listen")
                                        && record.destination().endsWith(":" + port));
        return endOf(listened.context());
    }

    private static Socket connects(int port) {
        return await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> new Socket(InetAddress.getLoopbackAddress(), port),
                        socket -> socket != null);
    }

    /** More than all that is between the two ends can keep. */
    private static void fill(Socket socket) {
        try {
            socket.getOutputStream().write(new byte[64 << 20]);
        } catch (IOException e) {
            // The host was killed.
        }
    }

    private static Socket echoes(int port) {
        return await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                            socket.getOutputStream().write(1);
                            return socket.getInputStream().read() == 1 ? socket : null;
                        },
                        socket -> socket != null);
    }

    private static void isInTheMiddle(Process client, Path copy) {
        BooleanSupplier begun = () -> copy.toFile().length() > 300_000;
        await().atMost(LIMIT).until(() -> begun.getAsBoolean() || !client.isAlive());
        assertThat(copy.toFile().length()).isLessThan(FILE_BYTES);
    }

    private FileOperated unfinished(String operation) {
        return bastion.awaitRecord(
                FileOperated.class,
                file ->
                        file.operation().equals(operation)
                                && file.result().equals("unfinished")
                                && (file.path() + file.target())
                                        .contains(String.valueOf(scene.there.getParent())));
    }

    private SessionEnded endOf(SessionContext session) {
        return bastion.awaitRecord(SessionEnded.class, end -> end.context().equals(session));
    }
}
