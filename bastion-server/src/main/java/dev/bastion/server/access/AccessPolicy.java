package dev.bastion.server.access;

import dev.bastion.server.identity.Role;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.Target;
import inet.ipaddr.IPAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides over one request. Pure: everything it looks at is passed in. */
public final class AccessPolicy {

    private AccessPolicy() {}

    /** Whether the request is permitted by one of the grants, and why not when it is not. */
    public static AccessDecision decide(AccessRequest request, AccessFacts facts) {
        String user = request.user().name();
        Optional<Host> known = facts.host(request.host());
        if (known.isEmpty()) {
            return denied("unknown", "there is no host " + request.host());
        }
        Host host = known.get();
        if (!request.user().enabled()) {
            return denied("not-granted", user + " is disabled");
        }
        if (!request.user().has(Role.OPERATOR)) {
            return denied("not-granted", user + " does not have the role operator");
        }
        List<String> reasons = new ArrayList<>();
        List<Grant> holding = new ArrayList<>();
        Optional<IPAddress> address = Network.address(request.from());
        for (Grant grant : facts.grantsOf(user, request.groups())) {
            Optional<String> reason = whyNot(grant, request, host, address);
            reason.ifPresentOrElse(
                    why -> {
                        if (!why.isEmpty()) {
                            reasons.add("grant " + grant.id() + " " + why);
                        }
                    },
                    () -> holding.add(grant));
        }
        if (holding.isEmpty()) {
            return denied(
                    "not-granted",
                    reasons.isEmpty()
                            ? "no grant gives " + user + " the host " + host.name()
                            : String.join("; ", reasons));
        }
        return request.account() == null
                ? onlyAccount(host, holding)
                : account(host, request.account(), holding);
    }

    private static AccessDecision account(Host host, String account, List<Grant> grants) {
        for (Grant grant : grants) {
            if (grant.allowsAccount(account)) {
                return host.accounts().contains(account)
                        ? new AccessDecision.Permitted(new Target(account, host), grant.id())
                        : denied("unknown", host.name() + " has no account " + account);
            }
        }
        return denied(
                "not-granted", "no grant gives the account " + account + " on " + host.name());
    }

    private static AccessDecision onlyAccount(Host host, List<Grant> grants) {
        SortedSet<String> accounts = new TreeSet<>();
        for (String account : host.accounts()) {
            if (grants.stream().anyMatch(grant -> grant.allowsAccount(account))) {
                accounts.add(account);
            }
        }
        return switch (accounts.size()) {
            case 0 ->
                    denied(
                            host.accounts().isEmpty() ? "unknown" : "not-granted",
                            host.name() + " has no account that a grant gives");
            case 1 -> account(host, accounts.first(), grants);
            default -> denied("ambiguous", String.join(", ", accounts));
        };
    }

    /** Absent when it holds; empty when it is about another host; otherwise a reason. */
    private static Optional<String> whyNot(
            Grant grant, AccessRequest request, Host host, Optional<IPAddress> address) {
        if (!grant.covers(host)) {
            return Optional.of("");
        }
        if (!grant.rights().contains(request.right())) {
            return Optional.of("does not give the right " + request.right().word());
        }
        if (!inTime(grant, request.time())) {
            return Optional.of(
                    isBefore(grant.notBefore(), request.time())
                            ? "is over since " + grant.until()
                            : "begins at " + grant.notBefore());
        }
        if (!fromAllowed(grant, address)) {
            return Optional.of("does not hold from " + request.from());
        }
        return Optional.empty();
    }

    static boolean inTime(Grant grant, Instant time) {
        return isBefore(grant.notBefore(), time)
                && (grant.until() == null || time.isBefore(grant.until()));
    }

    private static boolean isBefore(@Nullable Instant start, Instant time) {
        return start == null || !time.isBefore(start);
    }

    static boolean fromAllowed(Grant grant, Optional<IPAddress> address) {
        return grant.from().isEmpty()
                || (address.isPresent()
                        && grant.from().stream().anyMatch(n -> n.contains(address.get())));
    }

    private static AccessDecision denied(String reason, String detail) {
        return new AccessDecision.Denied(reason, detail);
    }
}
