package dev.bastion.server.console;

import dev.bastion.server.access.Grant;
import dev.bastion.server.access.Right;
import dev.bastion.server.directory.DirectorySnapshot;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.HostAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the record of a change and a listing say of a thing: everything but its secrets. */
final class State {

    private State() {}

    static @Nullable Object user(DirectorySnapshot snapshot, String name) {
        return snapshot.user(name).map(user -> (Object) user(snapshot, user)).orElse(null);
    }

    static @Nullable Object host(DirectorySnapshot snapshot, String name) {
        return snapshot.host(name).map(host -> (Object) host(host)).orElse(null);
    }

    static @Nullable Object group(DirectorySnapshot snapshot, String name) {
        return snapshot.group(name)
                .map(group ->
                        (Object)
                                Map.of(
                                        "name", name,
                                        "description", group.description(),
                                        "members", group.members()))
                .orElse(null);
    }

    static @Nullable Object hostGroup(DirectorySnapshot snapshot, String name) {
        return snapshot.hostGroup(name)
                .map(group ->
                        (Object)
                                Map.of(
                                        "name", name,
                                        "description", group.description(),
                                        "members", members(snapshot, name)))
                .orElse(null);
    }

    static List<String> members(DirectorySnapshot snapshot, String hostGroup) {
        return snapshot.hostsIn(hostGroup).stream().map(Host::name).toList();
    }

    static Map<String, Object> user(DirectorySnapshot snapshot, User user) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("name", user.name());
        state.put("roles", user.roles().stream().map(Role::word).toList());
        state.put("enabled", user.enabled());
        state.put("keys", fingerprints(user.keys()));
        state.put("password", user.passwordHash() != null);
        state.put("groups", snapshot.groupsOf(user.name()));
        return state;
    }

    static Map<String, Object> host(Host host) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("name", host.name());
        state.put("address", new HostAddress(host.address(), host.port()).toString());
        state.put("description", host.description());
        state.put("labels", host.labels());
        state.put("groups", host.groups());
        state.put("accounts", host.accounts());
        state.put("trusted", fingerprints(host.trustedKeys()));
        state.put("offered", fingerprints(host.offeredKeys()));
        state.put("legacy", host.legacy());
        return state;
    }

    static Map<String, Object> grant(Grant grant) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("id", grant.id());
        state.put("subject", subject(grant));
        state.put("object", object(grant));
        state.put("accounts", grant.accounts().isEmpty() ? List.of("*") : grant.accounts());
        state.put("rights", grant.rights().stream().sorted().map(Right::word).toList());
        state.put("from", grant.from().stream().map(Object::toString).toList());
        state.put("not-before", time(grant.notBefore()));
        state.put("until", time(grant.until()));
        return state;
    }

    private static String time(java.time.@Nullable Instant time) {
        return time == null ? "" : TimeArgument.shown(time);
    }

    private static String subject(Grant grant) {
        return switch (grant.subject()) {
            case Grant.Subject.OneUser user -> "user " + user.name();
            case Grant.Subject.GroupOfUsers group -> "group " + group.name();
        };
    }

    private static String object(Grant grant) {
        return switch (grant.scope()) {
            case Grant.Scope.OneHost host -> "host " + host.name();
            case Grant.Scope.GroupOfHosts group -> "host-group " + group.name();
            case Grant.Scope.Labelled labelled -> "label " + labelled.selector();
        };
    }

    private static List<String> fingerprints(List<AuthorizedKey> keys) {
        return keys.stream().map(AuthorizedKey::fingerprint).toList();
    }
}
