package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.SessionContext;
import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One side says that it sends no more, and the other sends much and for long after that. */
@TestInstance(Lifecycle.PER_CLASS)
final class HalfCloseIT {

    private static final int SENT_BEFORE = 3_000_001;

    /** Many windows. */
    private static final int SENT_AFTER = 40_000_003;

    private final RunningBastion bastion;
    private final Path folder;

    HalfCloseIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        String address = bastion.web1().address() + ":" + bastion.web1().port();
        bastion.addHost("gate", address, bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount("gate", bastion.login(), bastion.web1().userKeys());
        bastion.grant("gate", bastion.login(), "forward");
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void theHostOfACommandSendsAfterTheClientsEnd() {
        SshClient.Result result =
                SshClient.run(
                        bastion.ssh(
                                "alice+web1",
                                "wc -c >&2; sleep 1; head -c " + SENT_AFTER + " /dev/zero; exit 3"),
                        new byte[SENT_BEFORE],
                        LIMIT);

        assertThat(result.stderr()).isEqualTo(SENT_BEFORE + "\n");
        assertThat(result.stdout()).hasSize(SENT_AFTER);
        assertThat(result.exitStatus()).isEqualTo(3);
    }

    @Test
    void theClientOfACommandSendsAfterTheHostsEnd() throws Exception {
        Path counted = folder.resolve("counted");
        Process client =
                SshClient.start(
                        "ssh",
                        bastion.ssh(
                                "alice+web1",
                                "head -c %d /dev/zero; exec >&- 2>&-; wc -c > %s; exit 3"
                                        .formatted(SENT_BEFORE, counted)));
        try {
            assertThat(client.getInputStream().readAllBytes()).hasSize(SENT_BEFORE);
            try (OutputStream input = client.getOutputStream()) {
                input.write(new byte[SENT_AFTER]);
            }
            assertThat(client.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

            assertThat(client.exitValue()).isEqualTo(3);
            assertThat(Files.readString(counted)).isEqualTo(SENT_AFTER + "\n");
        } finally {
            client.destroyForcibly();
        }
    }

    /**
     * Its client has closed the channel then; the process goes on for longer than any answer takes.
     */
    @Test
    void theClientOfASharedConnectionHearsTheExitStatusLongAfterTheEndOfTheOutput() {
        String command = "exec >&- 2>&-; sleep 11; exit 3";
        try (SharedSsh shared =
                SharedSsh.connect(folder.resolve("shared"), bastion.ssh("alice+web1"))) {
            assertThat(shared.run(command).exitStatus()).isEqualTo(3);
        }
        SessionContext session =
                bastion.awaitRecord(
                                CommandEntered.class, entered -> entered.command().equals(command))
                        .context();
        assertThat(
                        bastion.awaitRecord(
                                SessionEnded.class, ended -> ended.context().equals(session)))
                .extracting(SessionEnded::reason, SessionEnded::exit)
                .containsExactly("exited", 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-L", "-R", "-D"})
    void aForwardedServerSendsAfterTheClientsEnd(String how) throws Exception {
        AtomicLong got = new AtomicLong();
        try (BadHost server =
                        BadHost.answering(connection -> {
                            got.set(count(connection));
                            connection.getOutputStream().write(new byte[SENT_AFTER]);
                        });
                Forwarded forwarded = forward(how, server);
                Socket client = forwarded.connect()) {
            client.getOutputStream().write(new byte[SENT_BEFORE]);
            client.shutdownOutput();

            assertThat(count(client)).isEqualTo(SENT_AFTER);
            assertThat(got).hasValue(SENT_BEFORE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-L", "-R", "-D"})
    void theClientOfAForwardedServerSendsAfterTheServersEnd(String how) throws Exception {
        AtomicLong got = new AtomicLong();
        try (BadHost server =
                        BadHost.answering(connection -> {
                            connection.getOutputStream().write(new byte[SENT_BEFORE]);
                            connection.shutdownOutput();
                            got.set(count(connection));
                        });
                Forwarded forwarded = forward(how, server);
                Socket client = forwarded.connect()) {
            assertThat(count(client)).isEqualTo(SENT_BEFORE);
            client.getOutputStream().write(new byte[SENT_AFTER]);
            client.shutdownOutput();

            await().atMost(LIMIT).until(() -> got.get() == SENT_AFTER);
        }
    }

    /** The bytes until the end of them. */
    private static long count(Socket connection) throws IOException {
        return connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    @Test
    void aServerOfStandardInputSendsAfterTheClientsEnd() {
        try (BadHost server =
                BadHost.answering(connection -> {
                    if (count(connection) == SENT_BEFORE) {
                        connection.getOutputStream().write(new byte[SENT_AFTER]);
                    }
                })) {
            SshClient.Result result =
                    SshClient.run(
                            bastion.ssh("alice+gate", "-W", server.address()),
                            new byte[SENT_BEFORE],
                            LIMIT);

            assertThat(result.stdout()).hasSize(SENT_AFTER);
        }
    }

    /** A port that leads through web1 to the server, or a proxy that does. */
    private record Forwarded(int port, String how, BadHost server, Process client)
            implements AutoCloseable {

        Socket connect() throws IOException {
            Socket connected =
                    await().atMost(LIMIT)
                            .ignoreExceptionsInstanceOf(IOException.class)
                            .until(this::socket, s -> true);
            connected.setSoTimeout((int) LIMIT.toMillis());
            return connected;
        }

        private Socket socket() throws IOException {
            InetAddress here = InetAddress.getLoopbackAddress();
            if (!how.equals("-D")) {
                return new Socket(here, port);
            }
            Socket through =
                    new Socket(new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(here, port)));
            String to = server.address().replaceFirst(".*:", "");
            through.connect(new InetSocketAddress(here, Integer.parseInt(to)));
            return through;
        }

        /** A signal that it handles may come when it is about to wait, and does not end that. */
        @Override
        public void close() {
            client.destroyForcibly();
        }
    }

    private Forwarded forward(String how, BadHost server) throws IOException {
        int port = FreePort.find();
        String there = how.equals("-D") ? "" : ":" + server.address();
        return new Forwarded(
                port,
                how,
                server,
                SshClient.start(
                        "ssh", bastion.ssh("alice+gate", "-N", how, "127.0.0.1:" + port + there)));
    }
}
