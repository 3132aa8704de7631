package dev.bastion.audit.shipping;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A receiver of octet-counted messages, which can die with what it had not read yet. Thread-safe.
 */
final class FrameReceiver implements AutoCloseable {

    /** Opens the socket that waits for connections, on loopback. */
    interface Listening {
        ServerSocket at(int port) throws IOException;
    }

    private static final int MOST_TRIES = 500;

    private final Listening listening;
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private ServerSocket server;
    private final int port;
    volatile boolean reading = true;

    FrameReceiver(Listening listening) throws IOException {
        this.listening = listening;
        this.server = listening.at(0);
        this.port = server.getLocalPort();
        accept(server);
    }

    static ServerSocket unsecured(int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    }

    int port() {
        return port;
    }

    long accepted() {
        return accepted.get();
    }

    List<String> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    private void accept(ServerSocket on) {
        Thread.ofVirtual()
                .start(() -> {
                    while (!on.isClosed()) {
                        try {
                            Socket socket = on.accept();
                            connections.add(socket);
                            if (on.isClosed()) {
                                socket.close();
                            }
                            Thread.ofVirtual().start(() -> read(socket));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    private void read(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int length = length(in); length > 0; length = length(in)) {
                byte[] bytes = in.readNBytes(length);
                if (bytes.length == length) {
                    accepted.incrementAndGet();
                    messages.add(new String(bytes, StandardCharsets.UTF_8));
                }
                while (!reading && !socket.isClosed()) {
                    Thread.sleep(10);
                }
            }
        } catch (IOException e) {
            // It left, or this was killed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int length(InputStream in) throws IOException {
        int length = 0;
        for (int c = in.read(); c != ' '; c = in.read()) {
            if (c < 0) {
                return -1;
            }
            if (c < '0' || c > '9') {
                throw new AssertionError("no length: " + (char) c);
            }
            length = length * 10 + c - '0';
        }
        return length;
    }

    /** As SIGKILL does: what the kernel has for it is thrown away, and the sender is reset. */
    void die() throws IOException {
        server.close();
        for (Socket socket : connections) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // It had gone.
            }
        }
        connections.clear();
    }

    /** At the same port, which the kernel gives once the connections that died are gone. */
    void live() throws IOException, InterruptedException {
        for (int tries = 0; ; tries++) {
            try {
                server = listening.at(port);
                accept(server);
                return;
            } catch (BindException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    @Override
    public void close() throws IOException {
        reading = true;
        die();
    }
}
