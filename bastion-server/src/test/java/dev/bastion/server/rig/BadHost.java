package dev.bastion.server.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that listens on a port of 127.0.0.1 and is no SSH server. What connects is answered on
 * a virtual thread of its own.
 */
public final class BadHost implements AutoCloseable {

    /** What it does with a connection; closed when this returns. */
    public interface Behaviour {
        void serve(Socket connection) throws IOException;
    }

    private static final int NOT_CONNECTED_MILLIS = 300;

    private final ServerSocket socket;
    private final List<Socket> fillers = new ArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    private BadHost(int backlog) {
        try {
            socket = new ServerSocket(0, backlog, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static BadHost answering(Behaviour behaviour) {
        BadHost host = new BadHost(50);
        Thread.ofVirtual().name("bad-host").start(() -> host.accept(behaviour));
        return host;
    }

    /** Says nothing until the other side leaves. */
    public static BadHost silent() {
        return answering(connection -> connection.getInputStream().readAllBytes());
    }

    /** Says this, and nothing more until the other side leaves. */
    public static BadHost saying(byte[] bytes) {
        return answering(connection -> {
            connection.getOutputStream().write(bytes);
            connection.getInputStream().readAllBytes();
        });
    }

    /** Accepts nobody, and its queue is full: TCP itself gets no answer. */
    public static BadHost unreachable() {
        BadHost host = new BadHost(1);
        try {
            while (host.fill()) {
                // Until one is not let in.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return host;
    }

    private boolean fill() throws IOException {
        Socket filler = new Socket();
        fillers.add(filler);
        try {
            filler.connect(socket.getLocalSocketAddress(), NOT_CONNECTED_MILLIS);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** {@code 127.0.0.1:PORT}. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    private int port() {
        return ((InetSocketAddress) socket.getLocalSocketAddress()).getPort();
    }

    /** How many try to connect now, and have no answer of TCP. */
    public long connecting() {
        return TcpSockets.connectingTo(port());
    }

    /** How many have connected until now. */
    public int accepted() {
        return accepted.get();
    }

    /** How many are connected now. */
    public int open() {
        return open.get();
    }

    private void accept(Behaviour behaviour) {
        while (true) {
            try {
                Socket connection = socket.accept();
                accepted.incrementAndGet();
                open.incrementAndGet();
                Thread.ofVirtual().name("bad-host").start(() -> serve(connection, behaviour));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection, Behaviour behaviour) {
        try (connection) {
            behaviour.serve(connection);
        } catch (IOException e) {
            // The other side has left.
        } finally {
            open.decrementAndGet();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket filler : fillers) {
                filler.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
