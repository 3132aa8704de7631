package dev.bastion.server.access;

import dev.bastion.server.inventory.Host;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host that a user may reach. Immutable.
 *
 * @param accounts the logins that they may use, at least one, sorted
 * @param lastUsed when they last went there, with any of these accounts
 */
public record ReachableHost(Host host, List<String> accounts, @Nullable Instant lastUsed) {

    public ReachableHost {
        accounts = List.copyOf(accounts);
    }
}
