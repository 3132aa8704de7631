package dev.bastion.server.inventory;

import dev.bastion.server.identity.AuthorizedKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A server behind the bastion. Immutable.
 *
 * @param address a name or an address, without brackets
 * @param port 1 to 65535
 * @param groups the host groups it is in
 * @param accounts the logins that are stored for it, sorted
 * @param trustedKeys the host keys that it may show; none means that nobody is let through to it
 *     yet
 * @param offeredKeys the keys that it showed and nobody accepted yet
 * @param legacy whether algorithms that are broken may be spoken with it, for want of better ones
 */
public record Host(
        String name,
        String address,
        int port,
        String description,
        Map<String, String> labels,
        Set<String> groups,
        List<String> accounts,
        List<AuthorizedKey> trustedKeys,
        List<AuthorizedKey> offeredKeys,
        boolean legacy) {

    public Host {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be 1 to 65535, was " + port);
        }
        labels = Map.copyOf(labels);
        groups = Set.copyOf(groups);
        accounts = List.copyOf(accounts);
        trustedKeys = List.copyOf(trustedKeys);
        offeredKeys = List.copyOf(offeredKeys);
    }
}
