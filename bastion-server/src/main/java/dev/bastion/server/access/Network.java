package dev.bastion.server.access;

import dev.bastion.server.identity.InvalidValueException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.Optional;

/** A range of addresses, written as CIDR, e.g. {@code 10.0.0.0/8} or one address. Immutable. */
public final class Network {

    private final IPAddress block;

    private Network(IPAddress block) {
        this.block = block;
    }

    /**
     * Reads the written form.
     *
     * @throws InvalidValueException when it is not one, or has bits set behind its length
     */
    public static Network parse(String text) {
        IPAddressString string = new IPAddressString(text);
        IPAddress address = text.matches("[0-9A-Fa-f:./]+") ? string.getAddress() : null;
        if (address == null || (!address.isPrefixed() && address.isMultiple())) {
            throw new InvalidValueException(
                    "'" + text + "' is not a network: write ADDRESS or ADDRESS/BITS");
        }
        IPAddress block = address.isPrefixed() ? address.toPrefixBlock() : address;
        if (address.isPrefixed() && !address.getLower().equals(block.getLower())) {
            throw new InvalidValueException(
                    "'" + text + "' has bits set behind its length: did you mean " + block + "?");
        }
        return new Network(block);
    }

    /** The address that a client comes from, or empty when it is none ({@code local}). */
    static Optional<IPAddress> address(String text) {
        IPAddress address = new IPAddressString(text).getAddress();
        if (address == null || address.isMultiple()) {
            return Optional.empty();
        }
        if (address.isIPv6() && address.toIPv6().isIPv4Mapped()) {
            return Optional.of(address.toIPv6().getEmbeddedIPv4Address());
        }
        return Optional.of(address.isIPv6() ? address.toIPv6().removeZone() : address);
    }

    boolean contains(IPAddress address) {
        return block.contains(address);
    }

    /** Whether an address, as {@code 10.0.0.7} or {@code 2001:db8::7}, is in it. */
    public boolean contains(String address) {
        return address(address).map(this::contains).orElse(false);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && block.equals(network.block);
    }

    @Override
    public int hashCode() {
        return block.hashCode();
    }

    @Override
    public String toString() {
        return block.toString();
    }
}
