package dev.bastion.audit.shipping;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a receiver of syslog. One thread writes; a virtual thread reads what such a
 * receiver never sends, so that its leaving is known at once, and another ends a connection that
 * takes nothing for too long.
 */
final class SyslogConnection implements AutoCloseable {

    /** Name, TCP and TLS each. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /** A receiver that takes not one piece in so long counts as gone. */
    private static final Duration STALLED = Duration.ofSeconds(60);

    private static final Duration WATCH = Duration.ofSeconds(1);
    private static final Duration LEAVE = Duration.ofSeconds(2);

    /** So long nothing comes from a machine that was switched off: 30 s, then 3 times 10 s. */
    private static final int KEEP_ALIVE_IDLE_SECONDS = 30;

    private static final int KEEP_ALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEP_ALIVE_COUNT = 3;

    /** 256 KiB, which the kernel doubles; without a size of its own it would grow as it likes. */
    private static final int SEND_BUFFER_BYTES = 256 << 10;

    private static final int PIECE_BYTES = 64 << 10;

    private final Socket plain;
    private final Socket socket;
    private final OutputStream out;
    private final Thread reader;
    private volatile @Nullable String gone;
    private volatile boolean broken;
    private volatile long writingSinceNanos;
    private volatile boolean writing;
    private volatile boolean closed;

    private SyslogConnection(Socket plain, Socket socket, OutputStream out, InputStream in) {
        this.plain = plain;
        this.socket = socket;
        this.out = out;
        this.reader = Thread.ofVirtual().name("audit-shipping-reader").start(() -> read(in));
        Thread.ofVirtual().name("audit-shipping-watch").start(this::watch);
    }

    /** Connects, and verifies the receiver's certificate against authorities and its name. */
    static SyslogConnection open(ShipTo.Syslog to) throws IOException {
        Socket plain = connect(to);
        try {
            Socket socket = plain;
            ShipTo.Tls tls = to.tls();
            if (tls != null) {
                socket = secured(plain, to, tls);
            }
            return new SyslogConnection(
                    plain, socket, socket.getOutputStream(), socket.getInputStream());
        } catch (IllegalArgumentException e) {
            plain.close();
            throw new IOException(e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket connect(ShipTo.Syslog to) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(to.host());
        } catch (UnknownHostException e) {
            throw new IOException("the name " + to.host() + " is not known", e);
        }
        IOException failure = new IOException("the name " + to.host() + " has no address");
        for (InetAddress address : addresses) {
            Socket socket = new Socket();
            try {
                socket.setSendBufferSize(SEND_BUFFER_BYTES);
                socket.connect(
                        new InetSocketAddress(address, to.port()), (int) CONNECT_LIMIT.toMillis());
                socket.setTcpNoDelay(true);
                socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS);
                socket.setOption(
                        ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_COUNT);
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }

    private static Socket secured(Socket plain, ShipTo.Syslog to, ShipTo.Tls tls)
            throws IOException {
        plain.setSoTimeout((int) CONNECT_LIMIT.toMillis());
        SSLSocket socket =
                (SSLSocket)
                        TlsMaterial.context(tls)
                                .getSocketFactory()
                                .createSocket(plain, to.host(), to.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        // The name in the certificate is looked at as HTTPS does: RFC 5425, 5.2, allows the same.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        plain.setSoTimeout(0);
        return socket;
    }

    int sendBufferBytes() throws IOException {
        return plain.getSendBufferSize();
    }

    /** Blocks while the receiver takes nothing. */
    void write(byte[] bytes) throws IOException {
        try {
            for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
                requireThere();
                writingSinceNanos = System.nanoTime();
                writing = true;
                out.write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at));
                writing = false;
            }
        } catch (IOException e) {
            requireThere();
            throw e;
        } finally {
            writing = false;
        }
    }

    /** Fails when the receiver has gone, with the reason. */
    void requireThere() throws IOException {
        String reason = gone;
        if (reason != null) {
            throw new IOException(reason);
        }
    }

    /**
     * Says that nothing follows, and waits for the receiver to close, for at most two seconds.
     *
     * @throws IOException when the receiver has closed before, or the connection breaks
     */
    void finish() throws IOException {
        requireThere();
        close();
        if (broken) {
            requireThere();
        }
    }

    private void read(InputStream in) {
        byte[] ignored = new byte[1024];
        try {
            while (in.read(ignored) >= 0) {
                // A receiver of syslog has nothing to say.
            }
            leave("the receiver closed the connection");
        } catch (IOException e) {
            // Unless it is us who ended it.
            broken = !plain.isClosed();
            leave("the connection broke: " + e.getMessage());
        }
    }

    private void leave(String reason) {
        if (gone == null) {
            gone = reason;
        }
    }

    private void watch() {
        try {
            while (!plain.isClosed()) {
                Thread.sleep(WATCH);
                Duration limit = closed ? LEAVE : STALLED;
                if (writing && System.nanoTime() - writingSinceNanos > limit.toNanos()) {
                    leave("the receiver took nothing for " + limit.toSeconds() + " s");
                    plain.close();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            leave("the connection broke: " + e.getMessage());
        }
    }

    /** Lets what was written arrive, for at most two seconds. Idempotent. */
    @Override
    public void close() {
        closed = true;
        try (plain) {
            if (gone == null) {
                writingSinceNanos = System.nanoTime();
                writing = true;
                socket.shutdownOutput();
                writing = false;
                reader.join(LEAVE);
            }
        } catch (IOException e) {
            leave("the connection broke: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
