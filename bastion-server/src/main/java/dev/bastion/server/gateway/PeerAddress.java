package dev.bastion.server.gateway;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the address of a peer is written and counted: IPv6 as RFC 5952 has it, without a zone, and an
 * IPv4 address inside of IPv6 as the IPv4 address that it is.
 */
final class PeerAddress {

    private static final int IPV6_NETWORK_BITS = 64;

    private PeerAddress() {}

    /** The canonical form without the port; {@code unknown} when it is none of the internet's. */
    static String of(@Nullable SocketAddress peer) {
        return peer instanceof InetSocketAddress internet && internet.getAddress() != null
                ? of(internet.getAddress())
                : "unknown";
    }

    /** Java itself takes an IPv4 address out of an IPv6 one. */
    static String of(InetAddress address) {
        return new IPAddressGenerator().from(address.getAddress()).toCanonicalString();
    }

    /** What is counted as one: an IPv4 address, or an IPv6 /64. */
    static String network(String canonical) {
        IPAddress address = new IPAddressString(canonical).getAddress();
        return address == null || address.isIPv4()
                ? canonical
                : address.toPrefixBlock(IPV6_NETWORK_BITS).toCanonicalString();
    }
}
