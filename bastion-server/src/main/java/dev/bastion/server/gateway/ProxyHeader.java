package dev.bastion.server.gateway;

import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * What a load balancer says before anything else of a connection, in version 2 of the PROXY
 * protocol (HAProxy's proxy-protocol.txt, section 2.2).
 */
sealed interface ProxyHeader {

    /** Longest header that is read, in bytes; balancers send well under 1000. */
    int LONGEST_BYTES = 4096;

    /** There is more of it to come. */
    record Incomplete() implements ProxyHeader {}

    /**
     * The balancer's own connection, e.g. to see whether the bastion is there.
     *
     * @param length of the header in bytes
     */
    record Local(int length) implements ProxyHeader {}

    /**
     * Somebody else's connection.
     *
     * @param length of the header in bytes
     */
    record Proxied(InetAddress source, int length) implements ProxyHeader {}

    /**
     * Reads the header at the buffer's position, which stays.
     *
     * @throws ProtocolException when it is not one of version 2, or not of TCP
     */
    static ProxyHeader decode(ByteBuffer bytes) throws ProtocolException {
        byte[] signature = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
        int fixed = signature.length + 4;
        int from = bytes.position();
        for (int i = 0; i < Math.min(signature.length, bytes.remaining()); i++) {
            if (bytes.get(from + i) != signature[i]) {
                throw new ProtocolException("there is no PROXY header of version 2");
            }
        }
        if (bytes.remaining() < fixed) {
            return new Incomplete();
        }
        int command = bytes.get(from + signature.length) & 0xFF;
        int family = bytes.get(from + signature.length + 1) & 0xFF;
        int addresses = bytes.getShort(from + signature.length + 2) & 0xFFFF;
        if (command != 0x20 && command != 0x21) {
            throw new ProtocolException("version and command of the PROXY header are " + command);
        }
        int length = fixed + addresses;
        if (length > LONGEST_BYTES) {
            throw new ProtocolException("the PROXY header has " + length + " bytes");
        }
        boolean local = command == 0x20;
        // Family and transport: TCP over IPv4 or IPv6; then two addresses and two ports.
        int addressBytes =
                switch (family) {
                    case 0x11 -> 4;
                    case 0x21 -> 16;
                    default -> 0;
                };
        if (!local && (addressBytes == 0 || addresses < 2 * addressBytes + 4)) {
            throw new ProtocolException(
                    "the PROXY header has family %x and %d bytes".formatted(family, addresses));
        }
        if (bytes.remaining() < length) {
            return new Incomplete();
        }
        if (local) {
            return new Local(length);
        }
        byte[] source = new byte[addressBytes];
        bytes.get(from + fixed, source);
        try {
            return new Proxied(InetAddress.getByAddress(source), length);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + addressBytes + " bytes", e);
        }
    }
}
