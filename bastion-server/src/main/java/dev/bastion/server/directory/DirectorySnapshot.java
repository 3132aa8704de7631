package dev.bastion.server.directory;

import dev.bastion.server.access.AccessFacts;
import dev.bastion.server.access.Grant;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.identity.UserGroup;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.HostGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Everything that administrators keep, but for credentials, as of one moment. Immutable. */
public final class DirectorySnapshot implements AccessFacts {

    private final PersistentMap<User> users;
    private final PersistentMap<Host> hosts;
    private final Map<String, UserGroup> groups;
    private final Map<String, HostGroup> hostGroups;
    private final GrantIndex grants;

    DirectorySnapshot(
            PersistentMap<User> users,
            PersistentMap<Host> hosts,
            Map<String, UserGroup> groups,
            Map<String, HostGroup> hostGroups,
            GrantIndex grants) {
        this.users = users;
        this.hosts = hosts;
        this.groups = groups;
        this.hostGroups = hostGroups;
        this.grants = grants;
    }

    public Optional<User> user(String name) {
        return Optional.ofNullable(users.get(name));
    }

    @Override
    public Optional<Host> host(String name) {
        return Optional.ofNullable(hosts.get(name));
    }

    public Optional<UserGroup> group(String name) {
        return Optional.ofNullable(groups.get(name));
    }

    public Optional<HostGroup> hostGroup(String name) {
        return Optional.ofNullable(hostGroups.get(name));
    }

    public Optional<Grant> grant(long id) {
        return Optional.ofNullable(grants.byId().get(id));
    }

    /** All, sorted by name. */
    public List<User> users() {
        List<User> all = new ArrayList<>(users.size());
        users.forEach(all::add);
        all.sort(Comparator.comparing(User::name));
        return all;
    }

    /** All, sorted by name. */
    public List<Host> hosts() {
        List<Host> all = new ArrayList<>(hosts.size());
        hosts.forEach(all::add);
        all.sort(Comparator.comparing(Host::name));
        return all;
    }

    /** All, sorted by name. */
    public List<UserGroup> groups() {
        return List.copyOf(new TreeMap<>(groups).values());
    }

    /** All, sorted by name. */
    public List<HostGroup> hostGroups() {
        return List.copyOf(new TreeMap<>(hostGroups).values());
    }

    /** All, oldest first. */
    public List<Grant> grants() {
        return List.copyOf(grants.byId().values());
    }

    /** The hosts of the group, sorted by name. */
    public List<Host> hostsIn(String hostGroup) {
        return hosts().stream().filter(host -> host.groups().contains(hostGroup)).toList();
    }

    @Override
    public void forEachHost(Consumer<Host> action) {
        hosts.forEach(action);
    }

    @Override
    public Set<String> groupsOf(String user) {
        Set<String> found = new HashSet<>();
        for (UserGroup group : groups.values()) {
            if (group.members().contains(user)) {
                found.add(group.name());
            }
        }
        return found;
    }

    @Override
    public Iterable<Grant> grantsOf(String user, Set<String> ofGroups) {
        return grants.of(user, ofGroups);
    }

    boolean hasEnabledAdminBeside(String name) {
        boolean[] found = {false};
        users.forEach(user ->
                found[0] |= user.enabled() && user.has(Role.ADMIN) && !user.name().equals(name));
        return found[0];
    }

    DirectorySnapshot withUser(User user) {
        return new DirectorySnapshot(
                users.with(user.name(), user), hosts, groups, hostGroups, grants);
    }

    DirectorySnapshot withoutUser(String name) {
        SortedMap<String, UserGroup> left = new TreeMap<>();
        groups.forEach((key, group) -> left.put(key, without(group, name)));
        return new DirectorySnapshot(
                users.without(name),
                hosts,
                left,
                hostGroups,
                grants.without(g -> g.subject().equals(new Grant.Subject.OneUser(name))));
    }

    DirectorySnapshot withHost(Host host) {
        return new DirectorySnapshot(
                users, hosts.with(host.name(), host), groups, hostGroups, grants);
    }

    DirectorySnapshot withoutHost(String name) {
        return new DirectorySnapshot(
                users,
                hosts.without(name),
                groups,
                hostGroups,
                grants.without(g -> g.scope().equals(new Grant.Scope.OneHost(name))));
    }

    DirectorySnapshot withGroup(UserGroup group) {
        Map<String, UserGroup> changed = new TreeMap<>(groups);
        changed.put(group.name(), group);
        return new DirectorySnapshot(users, hosts, changed, hostGroups, grants);
    }

    DirectorySnapshot withoutGroup(String name) {
        Map<String, UserGroup> changed = new TreeMap<>(groups);
        changed.remove(name);
        Predicate<Grant> its = g -> g.subject().equals(new Grant.Subject.GroupOfUsers(name));
        return new DirectorySnapshot(users, hosts, changed, hostGroups, grants.without(its));
    }

    DirectorySnapshot withHostGroup(HostGroup group) {
        Map<String, HostGroup> changed = new TreeMap<>(hostGroups);
        changed.put(group.name(), group);
        return new DirectorySnapshot(users, hosts, groups, changed, grants);
    }

    DirectorySnapshot withoutHostGroup(String name) {
        Map<String, HostGroup> changed = new TreeMap<>(hostGroups);
        changed.remove(name);
        PersistentMap<Host> left = hosts;
        for (Host host : hostsIn(name)) {
            left = left.with(host.name(), HostChange.leave(host, name));
        }
        Predicate<Grant> its = g -> g.scope().equals(new Grant.Scope.GroupOfHosts(name));
        return new DirectorySnapshot(users, left, groups, changed, grants.without(its));
    }

    DirectorySnapshot withGrant(Grant grant) {
        return new DirectorySnapshot(users, hosts, groups, hostGroups, grants.with(grant));
    }

    DirectorySnapshot withoutGrant(long id) {
        return new DirectorySnapshot(
                users, hosts, groups, hostGroups, grants.without(g -> g.id() == id));
    }

    private static UserGroup without(UserGroup group, String member) {
        if (!group.members().contains(member)) {
            return group;
        }
        Set<String> members = new HashSet<>(group.members());
        members.remove(member);
        return new UserGroup(group.name(), group.description(), members);
    }
}
