package dev.bastion.server.rig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A TCP connection to a port of 127.0.0.1, and bytes. For one thread. */
public final class RawClient implements AutoCloseable {

    private final Socket socket = new Socket();

    private RawClient(int port, String from, Duration limit) {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Connects.
     *
     * @param from a loopback address
     * @param limit for each answer
     */
    public static RawClient connect(int port, String from, Duration limit) {
        return new RawClient(port, from, limit);
    }

    /** Sends bytes; a peer that has gone is none the wiser. */
    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // The peer has closed, which what is read next tells.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next line without its end; empty when the peer closed instead. */
    public String line() {
        StringBuilder line = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.append((char) next);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no line came; so far: " + line, e);
        } catch (SocketException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString().strip();
    }

    /**
     * Reads until this text has come.
     *
     * @throws AssertionError when it does not come
     */
    public void until(String text) {
        StringBuilder read = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            while (read.indexOf(text) < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new AssertionError("the peer closed before it said " + text);
                }
                read.append((char) next);
            }
        } catch (IOException e) {
            throw new AssertionError("the peer did not say " + text, e);
        }
    }

    /** What came until the peer closed. */
    public byte[] untilClosed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the peer did not close", e);
        } catch (SocketException e) {
            // It closed with bytes unread.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
