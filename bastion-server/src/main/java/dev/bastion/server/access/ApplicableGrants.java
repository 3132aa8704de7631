package dev.bastion.server.access;

import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Host;
import inet.ipaddr.IPAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The grants that hold for one user, from one address, at one moment; found by host without going
 * through all of them. Confined to one thread.
 */
final class ApplicableGrants {

    private final Map<String, List<Grant>> byHost = new HashMap<>();
    private final Map<String, List<Grant>> byGroup = new HashMap<>();
    private final List<Grant> labelled = new ArrayList<>();

    /**
     * Chooses them.
     *
     * @param right absent when any right will do
     */
    ApplicableGrants(
            AccessFacts facts, User user, String from, @Nullable Right right, Instant now) {
        if (!user.enabled() || !user.has(Role.OPERATOR)) {
            return;
        }
        Optional<IPAddress> address = Network.address(from);
        Set<String> groups = facts.groupsOf(user.name());
        for (Grant grant : facts.grantsOf(user.name(), groups)) {
            if ((right == null || grant.rights().contains(right))
                    && AccessPolicy.inTime(grant, now)
                    && AccessPolicy.fromAllowed(grant, address)) {
                add(grant);
            }
        }
    }

    private void add(Grant grant) {
        switch (grant.scope()) {
            case Grant.Scope.OneHost one ->
                    byHost.computeIfAbsent(one.name(), _ -> new ArrayList<>()).add(grant);
            case Grant.Scope.GroupOfHosts group ->
                    byGroup.computeIfAbsent(group.name(), _ -> new ArrayList<>()).add(grant);
            case Grant.Scope.Labelled _ -> labelled.add(grant);
        }
    }

    boolean isEmpty() {
        return byHost.isEmpty() && byGroup.isEmpty() && labelled.isEmpty();
    }

    /** The accounts of the host that they allow, in the host's order. */
    List<String> accountsOf(Host host) {
        List<Grant> grants = covering(host);
        if (grants.isEmpty() || host.accounts().isEmpty()) {
            return List.of();
        }
        List<String> accounts = new ArrayList<>(host.accounts().size());
        for (String account : host.accounts()) {
            for (Grant grant : grants) {
                if (grant.allowsAccount(account)) {
                    accounts.add(account);
                    break;
                }
            }
        }
        return accounts;
    }

    private List<Grant> covering(Host host) {
        List<Grant> found = new ArrayList<>(4);
        found.addAll(byHost.getOrDefault(host.name(), List.of()));
        if (!byGroup.isEmpty()) {
            for (String group : host.groups()) {
                found.addAll(byGroup.getOrDefault(group, List.of()));
            }
        }
        for (Grant grant : labelled) {
            if (grant.covers(host)) {
                found.add(grant);
            }
        }
        return found;
    }
}
