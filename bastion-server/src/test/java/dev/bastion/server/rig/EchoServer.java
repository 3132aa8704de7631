package dev.bastion.server.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it gets, until its peer has no more. */
public final class EchoServer implements AutoCloseable {

    private final ServerSocket server;

    public EchoServer() {
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("echo").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** As forwards are asked for: the address and the port. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** Sends all of it and then the end, fails unless the same comes back, and closes. */
    public static void assertEchoes(Socket socket, byte[] bytes) {
        try (socket) {
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    socket.getOutputStream().write(bytes);
                                    socket.shutdownOutput();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            ByteArrayOutputStream back = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(back);
            writer.join();
            assertThat(back.toByteArray()).isEqualTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
