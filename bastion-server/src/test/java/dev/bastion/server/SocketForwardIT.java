package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.ForwardClosed;
import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenSSH's {@code -L} and {@code -R} with the paths of Unix sockets, which have spaces in them, to
 * a server that sends back what it gets.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class SocketForwardIT {

    private static final int BYTES = 1_000_000;

    private final Path folder;
    private final RunningBastion bastion;
    private final Path echo;
    private final ServerSocketChannel server;

    SocketForwardIT(@TempDir Path temporary) throws IOException {
        folder = Files.createDirectory(temporary.resolve("with space"));
        bastion = RunningBastion.start(temporary);
        bastion.grant("web1", bastion.login(), "forward");
        echo = folder.resolve("echo server");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(echo));
        Thread.ofVirtual().name("echo").start(this::serve);
    }

    private void serve() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> echo(client));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static void echo(SocketChannel client) {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        try (client) {
            while (client.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    var _ = client.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            // Whoever misses it says so.
        }
    }

    @AfterAll
    void close() throws IOException {
        server.close();
        bastion.close();
    }

    @Test
    void aSocketOfTheHostIsReached() throws Exception {
        Path local = folder.resolve("at the client");
        try (RunningSsh _ =
                RunningSsh.start(bastion.ssh("alice+web1", "-N", "-L", local + ":" + echo))) {
            await().atMost(LIMIT).until(() -> Files.exists(local));

            assertEchoes(local);

            assertIsRecorded("local", echo);
        }
    }

    @Test
    void aSocketAtTheHostComesToTheClient() throws Exception {
        Path remote = folder.resolve("at the host");
        try (RunningSsh _ =
                RunningSsh.start(bastion.ssh("alice+web1", "-N", "-R", remote + ":" + echo))) {
            await().atMost(LIMIT).until(() -> Files.exists(remote));

            assertEchoes(remote);

            assertIsRecorded("remote", remote);
        }
        ForwardOpened listen =
                bastion.awaitRecord(
                        ForwardOpened.class, record -> record.direction().equals("listen"));
        assertThat(listen.destination()).isEqualTo(remote.toString());
        assertThat(closed(listen).toHost()).isZero();
    }

    @Test
    void withoutTheRightNeitherIs() throws IOException {
        Path path = folder.resolve("nowhere");
        SshClient.Result remote =
                bastion.run(
                        "alice+web2",
                        "-N",
                        "-o",
                        "ExitOnForwardFailure=yes",
                        "-R",
                        path + ":" + echo);
        assertThat(remote.exitStatus()).isEqualTo(255);
        assertThat(remote.stderr()).contains("remote port forwarding failed");

        Path local = folder.resolve("to nobody");
        try (RunningSsh client =
                RunningSsh.start(bastion.ssh("alice+web2", "-N", "-L", local + ":" + echo))) {
            await().atMost(LIMIT).until(() -> Files.exists(local));
            try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(local))) {
                assertThat(socket.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            assertThat(client.bytes()).isZero();
        }

        assertThat(path).doesNotExist();
        assertThat(bastion.refusals().stream().filter(one -> one.target().contains("web2")))
                .hasSize(2)
                .allMatch(one -> one.reason().equals("not-granted"));
        assertThat(bastion.records(ForwardOpened.class))
                .noneMatch(record -> record.context().host().equals("web2"));
    }

    private static void assertEchoes(Path path) throws Exception {
        byte[] bytes = new byte[BYTES];
        new Random(BYTES).nextBytes(bytes);
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                ByteBuffer out = ByteBuffer.wrap(bytes);
                                try {
                                    while (out.hasRemaining()) {
                                        var _ = socket.write(out);
                                    }
                                    socket.shutdownOutput();
                                } catch (IOException e) {
                                    // The reader misses the rest.
                                }
                            });
            ByteBuffer in = ByteBuffer.allocate(BYTES + 1);
            while (in.hasRemaining() && socket.read(in) >= 0) {
                // Until the end.
            }
            writer.join();
            assertThat(in.position()).isEqualTo(BYTES);
            assertThat(Arrays.equals(in.array(), 0, BYTES, bytes, 0, BYTES)).isTrue();
        }
    }

    private void assertIsRecorded(String direction, Path destination) {
        ForwardOpened opened =
                bastion.awaitRecord(
                        ForwardOpened.class, record -> record.direction().equals(direction));
        assertThat(opened.destination()).isEqualTo(destination.toString());
        assertThat(opened.context().host()).isEqualTo("web1");
        ForwardClosed closed = closed(opened);
        assertThat(closed.toHost()).isEqualTo(BYTES);
        assertThat(closed.toOperator()).isEqualTo(BYTES);
    }

    private ForwardClosed closed(ForwardOpened opened) {
        return bastion.awaitRecord(
                ForwardClosed.class,
                record -> record.context().session().equals(opened.context().session()));
    }
}
