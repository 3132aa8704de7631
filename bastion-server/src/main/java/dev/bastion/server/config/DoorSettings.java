package dev.bastion.server.config;

import dev.bastion.server.access.Network;
import java.util.List;

/**
 * Who may stand at the operators' door. Immutable.
 *
 * @param startups connections that have not logged in yet, from anywhere
 * @param startupsPerAddress the same, from one address
 * @param connectionsPerAddress connections in all, from one address; an IPv6 /64 counts as one
 * @param proxies load balancers, which must say with PROXY protocol version 2 who it is
 * @param jumpWithoutKey whether a jump inside a connection is the user's without being proved again
 * @param encryptAndMac whether HMAC-SHA-2 over the plain text is offered too, for clients that have
 *     neither an AEAD cipher nor encrypt-then-MAC
 * @param hostCertificates whether host keys are shown with certificates
 * @param names of the bastion itself, for its certificate
 */
public record DoorSettings(
        MaxStartups startups,
        int startupsPerAddress,
        int connectionsPerAddress,
        List<Network> proxies,
        boolean jumpWithoutKey,
        boolean encryptAndMac,
        boolean hostCertificates,
        List<String> names) {

    /** One address alone cannot bring the door to drop others. */
    public static final DoorSettings DEFAULT =
            new DoorSettings(
                    new MaxStartups(100, 30, 300),
                    100,
                    1000,
                    List.of(),
                    false,
                    false,
                    false,
                    List.of());

    public DoorSettings {
        if (startupsPerAddress < 1 || connectionsPerAddress < 1) {
            throw new IllegalArgumentException("a limit per address must be at least 1");
        }
        proxies = List.copyOf(proxies);
        names = List.copyOf(names);
    }
}
