package dev.bastion.server.clients;

import dev.bastion.audit.AuditRecord.ForwardClosed;
import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.audit.SessionId;
import dev.bastion.server.RunningBastion;
import dev.bastion.server.rig.EchoServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Bytes over what clients forward to an echo server and back, and their records. */
final class Forwards implements AutoCloseable {

    private static final Duration LAG = Duration.ofSeconds(5);

    /** What {@code ssh-add -l} asks an agent, and what it hears of one ed25519 key of alice. */
    private static final int ASKED_BYTES = 5;

    private static final int ANSWERED_BYTES = 73;

    private final RunningBastion bastion;
    private final EchoServer echo = new EchoServer();

    Forwards(RunningBastion bastion) {
        this.bastion = bastion;
    }

    /** Of the echo server. */
    int port() {
        return echo.port();
    }

    /** The same with its address. */
    String address() {
        return echo.address();
    }

    /** Sends so many bytes to a port of this machine and back. */
    void echo(int port, int length) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        EchoServer.assertEchoes(socket, ClientScene.bytes(length));
    }

    /** The same over a SOCKS proxy. */
    void echoOverSocks(int proxyPort, int length) throws IOException {
        InetAddress local = InetAddress.getLoopbackAddress();
        Socket socket =
                new Socket(new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(local, proxyPort)));
        socket.connect(new InetSocketAddress(local, port()));
        EchoServer.assertEchoes(socket, ClientScene.bytes(length));
    }

    /**
     * Waits for the record that this many bytes went each way over one forwarded connection.
     *
     * @param destination its end
     */
    void await(String direction, String destination, long bytes) {
        bastion.awaitRecord(
                ForwardClosed.class,
                closed ->
                        closed.toHost() == bytes
                                && closed.toOperator() == bytes
                                && opened(direction, destination)
                                        .contains(closed.context().session()));
    }

    /** How often a program on web2 had the keys of alice's agent listed. */
    long keysListed() {
        Set<SessionId> agents = opened("agent", "");
        return bastion.records(ForwardClosed.class).stream()
                .filter(closed -> agents.contains(closed.context().session()))
                .filter(closed -> closed.context().host().equals("web2"))
                .filter(closed -> closed.toOperator() == ASKED_BYTES)
                .filter(closed -> closed.toHost() == ANSWERED_BYTES)
                .count();
    }

    /** Waits until they were listed once more than before. */
    void awaitKeysListed(long before) {
        Awaitility.await().atMost(LAG).until(() -> keysListed() == before + 1);
    }

    private Set<SessionId> opened(String direction, String destination) {
        return bastion.records(ForwardOpened.class).stream()
                .filter(opened -> opened.direction().equals(direction))
                .filter(opened -> opened.destination().endsWith(destination))
                .map(opened -> opened.context().session())
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        echo.close();
    }
}
