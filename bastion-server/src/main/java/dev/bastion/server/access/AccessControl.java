package dev.bastion.server.access;

import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the rest of the bastion asks whether somebody may. Each call decides over the facts as they
 * are at that moment. Thread-safe; never blocks.
 */
public final class AccessControl {

    private final Supplier<? extends AccessFacts> facts;
    private final RecentUse recent;

    public AccessControl(Supplier<? extends AccessFacts> facts, RecentUse recent) {
        this.facts = facts;
        this.recent = recent;
    }

    /**
     * Decides over one request.
     *
     * @param fromAddress the client's address, without its port
     * @param account absent when the user named none: then the only one that they may use
     */
    public AccessDecision decide(
            User user,
            String fromAddress,
            String hostName,
            @Nullable String account,
            Right right,
            Instant now) {
        AccessFacts current = facts.get();
        return AccessPolicy.decide(
                new AccessRequest(
                        user,
                        current.groupsOf(user.name()),
                        fromAddress,
                        hostName,
                        account,
                        right,
                        now),
                current);
    }

    /** The host of this name, when the user may reach it with any right. */
    public Optional<ReachableHost> reachableHost(
            User user, String fromAddress, String hostName, Instant now) {
        AccessFacts current = facts.get();
        List<ReachableHost> found = new ArrayList<>(1);
        current.host(hostName)
                .ifPresent(host ->
                        addIfReachable(
                                host,
                                new ApplicableGrants(current, user, fromAddress, null, now),
                                recent.lastUsed(user.name()),
                                found));
        return found.stream().findFirst();
    }

    /** The hosts that the user may reach with any right, in no order. */
    public List<ReachableHost> reachable(User user, String fromAddress, Instant now) {
        return reachable(user, fromAddress, null, now);
    }

    /** The hosts that the user may reach with this right, in no order. */
    public List<ReachableHost> reachable(
            User user, String fromAddress, @Nullable Right right, Instant now) {
        AccessFacts current = facts.get();
        ApplicableGrants grants = new ApplicableGrants(current, user, fromAddress, right, now);
        List<ReachableHost> reachable = new ArrayList<>();
        if (grants.isEmpty()) {
            return reachable;
        }
        Map<String, Instant> lastUsed = recent.lastUsed(user.name());
        current.forEachHost(host -> addIfReachable(host, grants, lastUsed, reachable));
        return reachable;
    }

    private static void addIfReachable(
            Host host,
            ApplicableGrants grants,
            Map<String, Instant> lastUsed,
            List<ReachableHost> reachable) {
        List<String> accounts = grants.accountsOf(host);
        if (!accounts.isEmpty()) {
            reachable.add(new ReachableHost(host, accounts, lastUsed.get(host.name())));
        }
    }
}
