package dev.bastion.server.gateway;

import dev.bastion.server.transport.DerivedHostKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * With what the bastion proves to clients who answers them. Immutable.
 *
 * @param door its own keys: the first is shown to clients, and they learn the others
 * @param jumps the keys of the connections inside others
 * @param certificates absent when it shows plain keys only
 */
public record HostIdentity(
        List<HostKeyFile> door, DerivedHostKeys jumps, @Nullable HostCertificates certificates) {

    public HostIdentity {
        door = List.copyOf(door);
    }
}
