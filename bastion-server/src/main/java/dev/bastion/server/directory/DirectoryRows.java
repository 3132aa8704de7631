package dev.bastion.server.directory;

import dev.bastion.server.access.Grant;
import dev.bastion.server.access.Network;
import dev.bastion.server.access.Right;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.identity.UserGroup;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.HostGroup;
import dev.bastion.server.inventory.LabelSelector;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the whole database into a snapshot. */
final class DirectoryRows {

    private final Handle handle;

    private DirectoryRows(Handle handle) {
        this.handle = handle;
    }

    static DirectorySnapshot load(Handle handle) {
        DirectoryRows rows = new DirectoryRows(handle);
        return new DirectorySnapshot(
                PersistentMap.of(rows.users()),
                PersistentMap.of(rows.hosts()),
                rows.groups(),
                rows.hostGroups(),
                GrantIndex.of(rows.grants()));
    }

    /** Called with each row of an answer. */
    private interface Row {
        void read(ResultSet row) throws SQLException;
    }

    private void each(String sql, Row reader) {
        handle.createQuery(sql)
                .map((row, _) -> {
                    reader.read(row);
                    return true;
                })
                .useIterator(iterator -> iterator.forEachRemaining(_ -> {}));
    }

    private Map<String, User> users() {
        Map<String, Set<Role>> roles = new HashMap<>();
        each(
                "select user_name, role from bastion.user_role",
                row ->
                        roles.computeIfAbsent(row.getString(1), _ -> new HashSet<>())
                                .add(Role.parse(row.getString(2))));
        Map<String, List<AuthorizedKey>> keys = new HashMap<>();
        each(
                "select user_name, key_type, key_base64, key_comment from bastion.user_key order by"
                        + " id",
                row -> addKey(keys, row));
        Map<String, User> users = new HashMap<>();
        each(
                "select name, enabled, password_hash from bastion.users",
                row -> {
                    String name = row.getString(1);
                    users.put(
                            name,
                            new User(
                                    name,
                                    roles.getOrDefault(name, Set.of()),
                                    row.getBoolean(2),
                                    keys.getOrDefault(name, List.of()),
                                    row.getString(3)));
                });
        return users;
    }

    private Map<String, UserGroup> groups() {
        Map<String, Set<String>> members =
                sets("select group_name, user_name from bastion.user_group_member");
        Map<String, UserGroup> groups = new TreeMap<>();
        each(
                "select name, description from bastion.user_group",
                row -> {
                    String name = row.getString(1);
                    groups.put(
                            name,
                            new UserGroup(
                                    name, row.getString(2), members.getOrDefault(name, Set.of())));
                });
        return groups;
    }

    private Map<String, HostGroup> hostGroups() {
        Map<String, HostGroup> groups = new TreeMap<>();
        each(
                "select name, description from bastion.host_group",
                row ->
                        groups.put(
                                row.getString(1),
                                new HostGroup(row.getString(1), row.getString(2))));
        return groups;
    }

    private Map<String, Host> hosts() {
        Map<String, Map<String, String>> labels = new HashMap<>();
        each(
                "select host_name, label, label_value from bastion.host_label",
                row ->
                        labels.computeIfAbsent(row.getString(1), _ -> new HashMap<>())
                                .put(row.getString(2), row.getString(3)));
        Map<String, Set<String>> groups =
                sets("select host_name, group_name from bastion.host_group_member");
        Map<String, Set<String>> accounts = sets("select host_name, login from bastion.account");
        Map<String, List<AuthorizedKey>> trusted = hostKeys(true);
        Map<String, List<AuthorizedKey>> offered = hostKeys(false);
        Map<String, Host> hosts = new HashMap<>();
        each(
                "select name, address, port, description, legacy from bastion.host",
                row -> {
                    String name = row.getString(1);
                    hosts.put(
                            name,
                            new Host(
                                    name,
                                    row.getString(2),
                                    row.getInt(3),
                                    row.getString(4),
                                    labels.getOrDefault(name, Map.of()),
                                    groups.getOrDefault(name, Set.of()),
                                    accounts.getOrDefault(name, Set.of()).stream()
                                            .sorted()
                                            .toList(),
                                    trusted.getOrDefault(name, List.of()),
                                    offered.getOrDefault(name, List.of()),
                                    row.getBoolean(5)));
                });
        return hosts;
    }

    private Map<String, List<AuthorizedKey>> hostKeys(boolean trusted) {
        Map<String, List<AuthorizedKey>> keys = new HashMap<>();
        each(
                "select host_name, key_type, key_base64, key_comment from bastion.host_key where"
                        + " trusted = "
                        + trusted
                        + " order by id",
                row -> addKey(keys, row));
        return keys;
    }

    private List<Grant> grants() {
        List<Grant> grants = new ArrayList<>();
        each(
                "select id, user_name, user_group, host_name, host_group, label_selector, accounts,"
                        + " rights, from_networks, not_before, until_time from bastion.access_grant"
                        + " order by id",
                row -> grants.add(grant(row)));
        return grants;
    }

    private static Grant grant(ResultSet row) throws SQLException {
        String user = row.getString(2);
        String host = row.getString(4);
        String hostGroup = row.getString(5);
        Grant.Scope scope;
        if (host != null) {
            scope = new Grant.Scope.OneHost(host);
        } else if (hostGroup != null) {
            scope = new Grant.Scope.GroupOfHosts(hostGroup);
        } else {
            scope = new Grant.Scope.Labelled(LabelSelector.parse(row.getString(6)));
        }
        return new Grant(
                row.getLong(1),
                user != null
                        ? new Grant.Subject.OneUser(user)
                        : new Grant.Subject.GroupOfUsers(row.getString(3)),
                scope,
                Set.copyOf(words(row.getString(7))),
                words(row.getString(8)).stream().map(Right::parse).collect(Collectors.toSet()),
                words(row.getString(9)).stream().map(Network::parse).toList(),
                instant(row.getObject(10, OffsetDateTime.class)),
                instant(row.getObject(11, OffsetDateTime.class)));
    }

    private static List<String> words(String joined) {
        return joined.isEmpty() ? List.of() : Arrays.asList(joined.split(",", -1));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private Map<String, Set<String>> sets(String sql) {
        Map<String, Set<String>> sets = new HashMap<>();
        each(
                sql,
                row ->
                        sets.computeIfAbsent(row.getString(1), _ -> new HashSet<>())
                                .add(row.getString(2)));
        return sets;
    }

    private static void addKey(Map<String, List<AuthorizedKey>> keys, ResultSet row)
            throws SQLException {
        keys.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                .add(new AuthorizedKey(row.getString(2), row.getString(3), row.getString(4)));
    }
}
