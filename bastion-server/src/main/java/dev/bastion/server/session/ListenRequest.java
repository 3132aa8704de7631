package dev.bastion.server.session;

import dev.bastion.server.tap.PathText;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Where a host is asked to listen: what a request says to begin it, and to end it. Immutable. */
sealed interface ListenRequest {

    /** The request for a port (RFC 4254 section 7.1). */
    String PORT = "tcpip-forward";

    /** The request for a Unix socket (OpenSSH's PROTOCOL file). */
    String SOCKET = "streamlocal-forward@openssh.com";

    /**
     * A port.
     *
     * @param address as the client wrote it; untrusted
     * @param port 0 for one that the host chooses
     */
    record Port(String address, int port) implements ListenRequest {

        @Override
        public String destination() {
            return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        }

        @Override
        public ListenRequest as(byte[] answer) {
            return port == 0 ? new Port(address, chosenPort(answer)) : this;
        }

        @Override
        public boolean opens(String type, byte[] opening) {
            return type.equals("forwarded-tcpip") && ForwardRequest.parse(opening).port() == port;
        }

        @Override
        public String cancelling() {
            return "cancel-tcpip-forward";
        }

        @Override
        public byte[] data() {
            byte[] name = address.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(Integer.BYTES + name.length + Integer.BYTES)
                    .putInt(name.length)
                    .put(name)
                    .putInt(port)
                    .array();
        }
    }

    /**
     * A Unix socket.
     *
     * @param path its bytes, each a character; untrusted
     */
    record Socket(String path) implements ListenRequest {

        @Override
        public String destination() {
            return PathText.of(path.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public ListenRequest as(byte[] answer) {
            return this;
        }

        @Override
        public boolean opens(String type, byte[] opening) {
            return type.equals("forwarded-streamlocal@openssh.com")
                    && path.equals(text(bytes(ByteBuffer.wrap(opening))));
        }

        @Override
        public String cancelling() {
            return "cancel-streamlocal-forward@openssh.com";
        }

        @Override
        public byte[] data() {
            byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
            return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                    .putInt(bytes.length)
                    .put(bytes)
                    .array();
        }
    }

    int NAME_LIMIT = 1024;
    int LARGEST_PORT = 65_535;

    /**
     * Reads the data of a request.
     *
     * @param type {@link #PORT} or {@link #SOCKET}
     * @throws IllegalArgumentException when it is malformed
     */
    static ListenRequest parse(String type, byte[] data) {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        byte[] name = bytes(buffer);
        if (type.equals(SOCKET)) {
            return new Socket(text(name));
        }
        return new Port(new String(name, StandardCharsets.UTF_8), port(buffer));
    }

    /** Address and port, with brackets around an IPv6 address; or the path, escaped. */
    String destination();

    /**
     * The same, as the host says that it does it.
     *
     * @throws IllegalArgumentException when the host does not say which port it chose
     */
    ListenRequest as(byte[] answer);

    /** Whether a host may open this because it listens here. */
    boolean opens(String type, byte[] opening);

    /** The request that ends it. */
    String cancelling();

    /** The data of the requests that begin and end it. */
    byte[] data();

    private static byte[] bytes(ByteBuffer buffer) {
        try {
            int length = buffer.getInt();
            if (length < 0 || length > Math.min(NAME_LIMIT, buffer.remaining())) {
                throw new IllegalArgumentException("a name of " + length + " bytes");
            }
            byte[] bytes = new byte[length];
            buffer.get(bytes);
            return bytes;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a request to listen is cut", e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static int chosenPort(byte[] answer) {
        if (answer.length < Integer.BYTES) {
            throw new IllegalArgumentException("the host does not say on which port it listens");
        }
        return port(ByteBuffer.wrap(answer));
    }

    private static int port(ByteBuffer buffer) {
        if (buffer.remaining() < Integer.BYTES) {
            throw new IllegalArgumentException("a request to listen is cut");
        }
        int port = buffer.getInt();
        if (port < 0 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("port " + Integer.toUnsignedString(port));
        }
        return port;
    }
}
