package dev.bastion.server.transport.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plain sockets against the loops, without SSH on top. */
@Timeout(60)
class LoopTransportTest {

    private static final SocketOptions OPTIONS = new SocketOptions(true, true, 0);
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final EventLoops loops = new EventLoops(2);
    private final Handler handler = new Handler();
    private final LoopAcceptor acceptor = new LoopAcceptor(handler, loops, OPTIONS);

    @BeforeEach
    void listen() throws IOException {
        acceptor.bind(ANY_PORT);
    }

    @AfterEach
    void stop() throws IOException {
        acceptor.close(true).await(Duration.ofSeconds(10));
        loops.close();
    }

    @Test
    void bytesComeBackAsTheyWentWhileTheConnectionMovesFromLoopToLoop() throws Exception {
        handler.echo = true;
        try (Socket client = connect()) {
            LoopSession session = handler.accepted();
            byte[] sent = random(20_000_000);
            Thread writer = Thread.ofVirtual().start(() -> write(client, sent));
            ByteArrayOutputStream back = new ByteArrayOutputStream();
            byte[] chunk = new byte[100_000];
            while (back.size() < sent.length) {
                int count = client.getInputStream().read(chunk);
                assertThat(handler.failures).isEmpty();
                assertThat(count).isPositive();
                back.write(chunk, 0, count);
                session.moveTo(loops.traffic());
            }
            writer.join();
            assertThat(back.toByteArray()).isEqualTo(sent);
            assertThat(handler.threads).contains("traffic-0", "traffic-1");
        }
    }

    @Test
    void aPeerThatTakesNothingIsNotReadUntilItDoes() throws Exception {
        handler.echo = true;
        try (Socket client = connect()) {
            LoopSession session = handler.accepted();
            byte[] sent = random(40_000_000);
            Thread writer = Thread.ofVirtual().start(() -> write(client, sent));
            await().until(() -> session.unsent() > 8 << 20);
            await().during(Duration.ofMillis(300)).until(() -> session.unsent() < 9 << 20);
            assertThat(writer.isAlive()).isTrue();
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            writer.join();
        }
    }

    @Test
    void bulkDataMovesToALoopOfItsOwnWithAllItsCompanyAndBackWhenItHasEnded() throws Exception {
        handler.drop = true;
        Company company = loops.company();
        try (Socket client = connect()) {
            LoopSession session = handler.accepted();
            session.join(company);
            try (Socket busy = connect()) {
                handler.accepted().join(company);
                awaitServedBy("traffic", client, session);
                AtomicBoolean enough = new AtomicBoolean();
                Thread writer = Thread.ofVirtual().start(() -> writeUntil(enough, busy));
                awaitServedBy("bulk", client, session);
                enough.set(true);
                writer.join();
                awaitServedBy("traffic", client, session);
            }
        }
    }

    private static void writeUntil(AtomicBoolean enough, Socket socket) {
        while (!enough.get()) {
            write(socket, new byte[100_000]);
        }
    }

    /** Sends bytes, each when the one before was read, until a thread of this name reads one. */
    private void awaitServedBy(String name, Socket client, LoopSession session) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> {
                    @Nullable String reader = handler.readers.remove(session);
                    if (reader == null || !reader.startsWith(name)) {
                        write(client, new byte[1]);
                    }
                    return reader != null && reader.startsWith(name);
                });
    }

    @Test
    void whatAReaderDoesNotTakeIsCountedAndKeptInOrder() throws Exception {
        try (Socket client = connect()) {
            LoopSession session = handler.accepted();
            AtomicInteger drained = new AtomicInteger();
            session.addDrainListener(drained::incrementAndGet);
            byte[] sent = random(30_000_000);
            for (int from = 0; from < sent.length; from += 100_000) {
                session.writeBuffer(new ByteArrayBuffer(sent, from, 100_000, true));
            }
            assertThat(session.unsent()).isGreaterThan(10_000_000);
            assertThat(drained).hasValue(0);
            byte[] read = client.getInputStream().readNBytes(sent.length);
            assertThat(read).isEqualTo(sent);
            await().untilAsserted(() -> assertThat(session.unsent()).isZero());
            await().untilAsserted(() -> assertThat(drained).hasPositiveValue());
        }
    }

    @Test
    void aGracefulCloseSendsWhatWaits() throws Exception {
        try (Socket client = connect()) {
            LoopSession session = handler.accepted();
            byte[] sent = random(20_000_000);
            session.writeBuffer(new ByteArrayBuffer(sent));
            var closing = session.close(false);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
            assertThat(closing.await(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void anImmediateCloseFailsWhatWaits() throws Exception {
        try (Socket client = connect()) {
            LoopSession session = handler.accepted();
            IoWriteFuture write = session.writeBuffer(new ByteArrayBuffer(random(20_000_000)));
            session.close(true).await(Duration.ofSeconds(10));
            assertThat(write.isWritten()).isFalse();
            assertThat(write.getException()).isInstanceOf(ClosedChannelException.class);
            IoWriteFuture late = session.writeBuffer(new ByteArrayBuffer(new byte[1]));
            assertThat(late.getException()).isInstanceOf(ClosedChannelException.class);
            assertThat(client.getInputStream().readAllBytes().length).isLessThan(20_000_000);
        }
    }

    @Test
    void theEndOfAPeerEndsTheConnection() throws Exception {
        Socket client = connect();
        LoopSession session = handler.accepted();
        client.close();
        await().until(session::isClosed);
        assertThat(acceptor.getManagedSessions()).isEmpty();
        assertThat(handler.closed).containsExactly(session);
    }

    @Test
    void aFailureOfTheHandlerEndsItsConnectionOnly() throws Exception {
        try (Socket bad = connect();
                Socket good = connect()) {
            handler.accepted();
            handler.accepted();
            handler.failOn = 'x';
            handler.echo = true;
            bad.getOutputStream().write('x');
            assertThat(bad.getInputStream().read()).isEqualTo(-1);
            good.getOutputStream().write('y');
            assertThat(good.getInputStream().read()).isEqualTo('y');
        }
    }

    @Test
    void anErrorOfTheHandlerLeavesTheLoopAlive() throws Exception {
        handler.failHardOn = 'x';
        handler.echo = true;
        for (int i = 0; i < 4; i++) {
            try (Socket bad = connect()) {
                handler.accepted();
                bad.getOutputStream().write('x');
                assertThat(bad.getInputStream().read()).isEqualTo(-1);
            }
        }
        try (Socket good = connect()) {
            handler.accepted();
            good.getOutputStream().write('y');
            assertThat(good.getInputStream().read()).isEqualTo('y');
        }
    }

    @Test
    void nothingIsReadWhileReadingIsSuspended() throws Exception {
        handler.echo = true;
        try (Socket client = connect()) {
            LoopSession session = handler.accepted();
            session.suspendRead();
            client.getOutputStream().write('a');
            client.setSoTimeout(300);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            session.resumeRead();
            client.setSoTimeout(10_000);
            assertThat(client.getInputStream().read()).isEqualTo('a');
        }
    }

    @Test
    void connectsToWhatListens() throws Exception {
        handler.echo = true;
        Handler client = new Handler();
        LoopConnector connector = new LoopConnector(client, loops, OPTIONS);
        IoConnectFuture future = connector.connect(address(), null, null);
        assertThat(future.await(Duration.ofSeconds(10))).isTrue();
        IoSession session = future.getSession();
        session.writeBuffer(new ByteArrayBuffer(new byte[] {7, 8, 9}));
        await().until(() -> client.received.size() == 3);
        assertThat(client.received.toByteArray()).containsExactly(7, 8, 9);
        connector.close(true).await(Duration.ofSeconds(10));
        assertThat(session.isClosed()).isTrue();
    }

    @Test
    void aRefusedConnectSaysSo() throws Exception {
        int free;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = taken.getLocalPort();
        }
        LoopConnector connector = new LoopConnector(new Handler(), loops, OPTIONS);
        IoConnectFuture future =
                connector.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), free), null, null);
        future.await(Duration.ofSeconds(10));
        assertThat(future.getException()).isInstanceOf(java.net.ConnectException.class);
    }

    @Test
    void anEndedServiceTakesNobody() throws Exception {
        InetSocketAddress address = address();
        acceptor.close(true).await(Duration.ofSeconds(10));
        await().untilAsserted(() ->
                assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
                        .isInstanceOf(IOException.class));
    }

    @Test
    void theEndOfTheLoopsEndsTheirConnections() throws Exception {
        try (Socket client = connect()) {
            handler.accepted();
            loops.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private InetSocketAddress address() {
        return (InetSocketAddress) acceptor.getBoundAddresses().iterator().next();
    }

    private Socket connect() throws IOException {
        return new Socket(address().getAddress(), address().getPort());
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Echoes, drops, or writes down what came. */
    private static final class Handler implements IoHandler {

        final BlockingQueue<LoopSession> created = new LinkedBlockingQueue<>();
        final List<IoSession> closed = new ArrayList<>();
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        final BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        final Map<IoSession, String> readers = new ConcurrentHashMap<>();
        volatile boolean echo;
        volatile boolean drop;

        /** A first byte that makes it fail; none unless a test says one. */
        volatile int failOn = 256;

        /** The same, with an error. */
        volatile int failHardOn = 256;

        LoopSession accepted() throws InterruptedException {
            @Nullable LoopSession session = created.poll(10, TimeUnit.SECONDS);
            if (session == null) {
                throw new AssertionError("nobody was accepted");
            }
            return session;
        }

        @Override
        public void sessionCreated(IoSession session) {
            created.add((LoopSession) session);
        }

        @Override
        public void sessionClosed(IoSession session) {
            closed.add(session);
        }

        @Override
        public void exceptionCaught(IoSession session, Throwable cause) {
            failures.add(cause);
        }

        @Override
        public void messageReceived(IoSession session, Readable message) throws IOException {
            threads.add(Thread.currentThread().getName());
            readers.put(session, Thread.currentThread().getName());
            byte[] bytes = new byte[message.available()];
            message.getRawBytes(bytes, 0, bytes.length);
            if (bytes[0] == failHardOn) {
                throw new AssertionError("as the test asks");
            }
            if (bytes[0] == failOn) {
                throw new IOException("as the test asks");
            }
            if (drop) {
                return;
            }
            if (echo) {
                session.writeBuffer(new ByteArrayBuffer(bytes));
            } else {
                synchronized (received) {
                    received.writeBytes(bytes);
                }
            }
        }
    }
}
