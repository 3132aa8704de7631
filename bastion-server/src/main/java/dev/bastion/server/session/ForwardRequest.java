package dev.bastion.server.session;

import dev.bastion.server.tap.PathText;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a forwarded connection goes and comes from (RFC 4254 sections 7.2): both {@code
 * direct-tcpip} and {@code forwarded-tcpip} say it in the same form.
 *
 * @param host as its sender wrote it: a name or an address; untrusted
 * @param port 0 to 65,535
 * @param originator address of the program that connected, and its port; untrusted
 */
record ForwardRequest(String host, int port, String originator) {

    private static final int NAME_LIMIT = 1024;

    /**
     * Reads what follows the window and packet sizes in the opening.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    static ForwardRequest parse(byte[] data) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(data);
            String host = text(buffer);
            int port = port(buffer);
            return new ForwardRequest(host, port, text(buffer) + ":" + port(buffer));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the opening of a forwarded connection is cut", e);
        }
    }

    private static String text(ByteBuffer buffer) {
        return new String(bytes(buffer), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        int length = buffer.getInt();
        if (length < 0 || length > Math.min(NAME_LIMIT, buffer.remaining())) {
            throw new IllegalArgumentException("a name of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private static int port(ByteBuffer buffer) {
        int port = buffer.getInt();
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + Integer.toUnsignedString(port));
        }
        return port;
    }

    /**
     * Where a connection of this kind is to go.
     *
     * @param type {@code direct-tcpip}, {@code forwarded-tcpip}, or OpenSSH's same for Unix sockets
     * @return host and port, or the path of the socket, escaped
     * @throws IllegalArgumentException when it is malformed
     */
    static String destination(String type, byte[] data) {
        if (!type.endsWith("-streamlocal@openssh.com")) {
            return parse(data).destination();
        }
        try {
            return PathText.of(bytes(ByteBuffer.wrap(data)));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the opening of a forwarded connection is cut", e);
        }
    }

    /** Host and port, with brackets around an IPv6 address. */
    String destination() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
