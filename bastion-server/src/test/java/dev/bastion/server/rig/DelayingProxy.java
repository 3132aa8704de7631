package dev.bastion.server.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A slow link to a host: what the host sends comes out so much later, in the order and in the
 * pieces it was sent in. Towards the host nothing is delayed. Listens on 127.0.0.1.
 */
public final class DelayingProxy implements AutoCloseable {

    /** {@code last}: the host has ended, and there are no bytes. */
    private record Piece(byte[] bytes, long dueNanos, boolean last) {}

    private final ServerSocket listening;
    private final String address;
    private final int port;
    private volatile long delayNanos;

    /** A link to this host, without delay until {@link #delay}. */
    public DelayingProxy(String address, int port) {
        this.address = address;
        this.port = port;
        try {
            listening = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("delaying-proxy").start(this::accept);
    }

    /** {@code 127.0.0.1:PORT}. */
    public String address() {
        return "127.0.0.1:" + ((InetSocketAddress) listening.getLocalSocketAddress()).getPort();
    }

    /** From now on what the host sends is so late. */
    public void delay(Duration late) {
        delayNanos = late.toNanos();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listening.accept();
                Socket host = new Socket(InetAddress.ofLiteral(address), port);
                client.setTcpNoDelay(true);
                host.setTcpNoDelay(true);
                BlockingQueue<Piece> late = new LinkedBlockingQueue<>();
                Thread.ofVirtual().start(() -> copy(client, host));
                Thread.ofVirtual().start(() -> gather(host, late));
                Thread.ofVirtual().start(() -> give(late, client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has left.
        }
    }

    private void gather(Socket host, BlockingQueue<Piece> late) {
        byte[] buffer = new byte[32 * 1024];
        try (host) {
            int length = host.getInputStream().read(buffer);
            while (length >= 0) {
                late.add(
                        new Piece(
                                Arrays.copyOf(buffer, length),
                                System.nanoTime() + delayNanos,
                                false));
                length = host.getInputStream().read(buffer);
            }
        } catch (IOException e) {
            // The host has left.
        }
        late.add(new Piece(new byte[0], 0, true));
    }

    private static void give(BlockingQueue<Piece> late, Socket client) {
        try (client) {
            for (Piece piece = late.take(); !piece.last; piece = late.take()) {
                long wait = piece.dueNanos - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(Duration.ofNanos(wait));
                }
                client.getOutputStream().write(piece.bytes);
            }
        } catch (IOException e) {
            // The client has left.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
