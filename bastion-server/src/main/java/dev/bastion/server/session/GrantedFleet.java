package dev.bastion.server.session;

import dev.bastion.audit.SessionKind;
import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.access.ReachableHost;
import dev.bastion.server.access.Right;
import dev.bastion.server.fleet.Destination;
import dev.bastion.server.fleet.Fleet;
import dev.bastion.server.fleet.HostLink;
import dev.bastion.server.fleet.Place;
import dev.bastion.server.identity.NameRule;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.tap.sftp.FileRights;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import dev.bastion.server.transport.Waits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts whose files a visitor may reach, by the grants of each moment, and their sessions. A
 * name is written as in an address: {@code web1}, {@code root@web1}; with {@code @} before it, that
 * of a group. Confined to the thread that serves.
 */
final class GrantedFleet implements Fleet {

    private static final Logger LOG = LoggerFactory.getLogger(GrantedFleet.class);

    /** Names that were refused, of which each is recorded once; one more ends the session. */
    private static final int REFUSED_LIMIT = 1_000;

    /** What an account in an address may have, too. */
    private static final int ACCOUNT_LIMIT_CHARS = 64;

    private final SessionParts parts;
    private final ClientConnection client;
    private final RelayedSide side;
    private final Waits waits;
    private final Refusals refusals;
    private final Set<String> refused = new HashSet<>();

    /**
     * @param waits for its hosts; given up when nobody uses it any more
     */
    GrantedFleet(SessionParts parts, ClientConnection client, RelayedSide side, Waits waits) {
        this.parts = parts;
        this.client = client;
        this.side = side;
        this.waits = waits;
        this.refusals = new Refusals(parts, client.visitor);
    }

    /** What may be done to files with each account of a host, sorted by login. */
    private record Reach(Host host, SortedMap<String, FileRights> accounts) {}

    @Override
    public List<String> names() {
        SortedSet<String> names = new TreeSet<>();
        SortedMap<String, SortedSet<String>> groups = new TreeMap<>();
        Set<String> withSeveral = new HashSet<>();
        for (Reach reach : reachable(user(), host -> true)) {
            String name = reach.host.name();
            Set<String> accounts = reach.accounts.keySet();
            if (accounts.size() == 1) {
                names.add(name);
            } else {
                accounts.forEach(account -> names.add(account + "@" + name));
                withSeveral.addAll(reach.host.groups());
            }
            for (String group : reach.host.groups()) {
                groups.computeIfAbsent(group, _ -> new TreeSet<>()).addAll(accounts);
            }
        }
        groups.forEach((group, accounts) -> {
            if (withSeveral.contains(group)) {
                accounts.forEach(account -> names.add(account + "@@" + group));
            } else {
                names.add("@" + group);
            }
        });
        return List.copyOf(names);
    }

    @Override
    public Place find(String name) throws MalformedPacketException {
        int at = name.lastIndexOf('@');
        boolean ofGroup = at == 0 || (at > 0 && name.charAt(at - 1) == '@');
        String host = name.substring(at + 1);
        int end = ofGroup ? at - 1 : at;
        String account = end > 0 ? name.substring(0, end) : null;
        Optional<User> user = user();
        if (user.isEmpty() || !NameRule.isName(host)) {
            return new Place.Nothing("there is no host of this name");
        }
        String entry = ofGroup ? "@" + host : host;
        if (account != null && account.length() > ACCOUNT_LIMIT_CHARS) {
            String start = account.substring(0, ACCOUNT_LIMIT_CHARS) + "…";
            return nothing(
                    start + "@" + entry,
                    new AccessDecision.Denied("unknown", "no account has so long a name"),
                    "there is no account of this name");
        }
        return ofGroup ? group(user, host, account) : host(user.get(), host, account);
    }

    /** What is not given: recorded, when it is first asked for. */
    private Place.Nothing nothing(String asked, AccessDecision.Denied denied, String sentence)
            throws MalformedPacketException {
        if (!refused.contains(asked)) {
            if (refused.size() >= REFUSED_LIMIT) {
                throw new MalformedPacketException(
                        "more than " + REFUSED_LIMIT + " names of hosts that were refused");
            }
            refused.add(asked);
            refusals.record(asked, denied.reason(), denied.detail());
        }
        return new Place.Nothing(sentence);
    }

    private static String asked(String entry, @Nullable String account) {
        return account == null ? entry : account + "@" + entry;
    }

    private Place host(User user, String host, @Nullable String account)
            throws MalformedPacketException {
        TargetRights rights = new TargetRights(parts, user, client.visitor.from());
        return switch (rights.decide(host, account, SessionKind.SFTP)) {
            case AccessDecision.Permitted permitted ->
                    new Place.Host(
                            destination(permitted.target(), rights.files(permitted.target())));
            case AccessDecision.Denied denied ->
                    nothing(
                            asked(host, account),
                            denied,
                            denied.reason().equals("ambiguous")
                                    ? several(host, denied.detail())
                                    : refusals.sentence(host, denied));
        };
    }

    private Place group(Optional<User> user, String group, @Nullable String account)
            throws MalformedPacketException {
        List<Destination> members = new ArrayList<>();
        for (Reach reach : reachable(user, host -> host.groups().contains(group))) {
            SortedMap<String, FileRights> accounts = reach.accounts;
            if (account == null && accounts.size() > 1) {
                String names = String.join(", ", accounts.keySet());
                return nothing(
                        "@" + group,
                        new AccessDecision.Denied("ambiguous", names),
                        several("@" + group, names));
            }
            String used = account == null ? accounts.firstKey() : account;
            FileRights rights = accounts.get(used);
            if (rights != null) {
                members.add(destination(new Target(used, reach.host), rights));
            }
        }
        return members.isEmpty()
                ? nothing(
                        asked("@" + group, account),
                        noMember(group),
                        "there is no group @" + group + " that you may reach with this")
                : new Place.Group(members);
    }

    private AccessDecision.Denied noMember(String group) {
        return parts.directory().snapshot().hostGroup(group).isEmpty()
                ? new AccessDecision.Denied("unknown", "there is no host group " + group)
                : new AccessDecision.Denied(
                        "not-granted", "no grant gives files of a host of the group " + group);
    }

    private static String several(String name, String accounts) {
        return "you may use several accounts: " + accounts + "; write /ACCOUNT@" + name;
    }

    private static Destination destination(Target target, FileRights rights) {
        return new Destination(
                target.account(), target.host().name(), rights.read(), rights.write());
    }

    private Optional<User> user() {
        return parts.directory().user(client.visitor.user()).filter(User::enabled);
    }

    /** The hosts of some where files may be read or written, sorted by name. */
    private Collection<Reach> reachable(Optional<User> user, Predicate<Host> which) {
        SortedMap<String, Reach> found = new TreeMap<>();
        if (user.isPresent()) {
            add(found, user.get(), which, Right.SFTP_READ, new FileRights(true, false));
            add(found, user.get(), which, Right.SFTP_WRITE, new FileRights(false, true));
        }
        return found.values();
    }

    private void add(
            SortedMap<String, Reach> found,
            User user,
            Predicate<Host> which,
            Right right,
            FileRights given) {
        List<ReachableHost> hosts =
                parts.access()
                        .reachable(user, client.visitor.from(), right, parts.clock().instant());
        for (ReachableHost reachable : hosts) {
            Host host = reachable.host();
            if (which.test(host)) {
                Reach reach =
                        found.computeIfAbsent(host.name(), _ -> new Reach(host, new TreeMap<>()));
                reachable
                        .accounts()
                        .forEach(account -> reach.accounts.merge(account, given, FileRights::with));
            }
        }
    }

    @Override
    public void open(Destination destination, HostLink link) {
        parts.registry()
                .serve(
                        "session-" + client.visitor.connection() + "-" + destination.host(),
                        () -> serve(destination, link));
    }

    /** One host's session, on a virtual thread of its own. */
    private void serve(Destination destination, HostLink link) {
        String sentence = "the bastion failed to serve this session; tell an administrator";
        try {
            Optional<User> user = user();
            sentence =
                    user.isEmpty()
                            ? "you are no longer let in; tell an administrator"
                            : converse(user.get(), destination, link);
        } catch (RuntimeException e) {
            LOG.error("a session of {} failed", client.visitor.user(), e);
        } finally {
            link.over(sentence);
        }
    }

    private String converse(User user, Destination destination, HostLink link) {
        TargetSession session =
                new TargetSession(
                        parts,
                        client,
                        new LinkSide(link, side, waits),
                        sentence -> LOG.debug("said by the answers: {}", sentence),
                        null);
        return switch (session.run(user, destination.host(), destination.account(), false)) {
            case TargetOutcome.NotReached(String sentence) -> sentence;
            case TargetOutcome.Ended(var exit, String detail) ->
                    detail.isEmpty() ? "the host has ended the session" : detail;
        };
    }
}
