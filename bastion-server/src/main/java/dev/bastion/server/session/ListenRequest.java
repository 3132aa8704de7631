package dev.bastion.server.session;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a host is asked to listen (RFC 4254 section 7.1): {@code tcpip-forward} and {@code
 * cancel-tcpip-forward} say it in the same form.
 *
 * @param address as the client wrote it; untrusted
 * @param port 0 for one that the host chooses
 */
record ListenRequest(String address, int port) {

    private static final int ADDRESS_LIMIT = 1024;
    private static final int LARGEST_PORT = 65_535;

    /**
     * Reads the data of the request.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    static ListenRequest parse(byte[] data) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(data);
            int length = buffer.getInt();
            if (length < 0 || length > Math.min(ADDRESS_LIMIT, buffer.remaining())) {
                throw new IllegalArgumentException("an address of " + length + " bytes");
            }
            byte[] address = new byte[length];
            buffer.get(address);
            return new ListenRequest(
                    new String(address, StandardCharsets.UTF_8), port(buffer.getInt()));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a request to listen is cut", e);
        }
    }

    /**
     * The port in a host's answer to a request for any.
     *
     * @throws IllegalArgumentException when there is none
     */
    static int chosenPort(byte[] answer) {
        if (answer.length < Integer.BYTES) {
            throw new IllegalArgumentException("the host does not say on which port it listens");
        }
        return port(ByteBuffer.wrap(answer).getInt());
    }

    private static int port(int port) {
        if (port < 0 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("port " + Integer.toUnsignedString(port));
        }
        return port;
    }

    ListenRequest at(int chosen) {
        return new ListenRequest(address, chosen);
    }

    /** Address and port, with brackets around an IPv6 address. */
    String destination() {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
