package dev.bastion.server.directory;

import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.NameRule;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.HostRules;
import dev.bastion.server.inventory.InventoryException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** Changes of hosts and their keys. */
public final class HostEdits {

    private HostEdits() {}

    /** Adds it with its groups, which must exist, and its keys; without accounts. */
    public static Edit add(Host host) {
        check(host);
        return new Edit((handle, before) -> {
            if (before.host(host.name()).isPresent()) {
                throw new InventoryException("the host " + host.name() + " exists");
            }
            handle.execute(
                    "insert into bastion.host (name, address, port, description, legacy)"
                            + " values (?, ?, ?, ?, ?)",
                    host.name(),
                    host.address(),
                    host.port(),
                    host.description(),
                    host.legacy());
            writeParts(handle, before, host);
            return before.withHost(host);
        });
    }

    /**
     * Replaces address, port, description, labels, groups and legacy; name, accounts and keys stay.
     *
     * @param change makes the new host from the one that there is when the change is made
     */
    public static Edit set(String name, UnaryOperator<Host> change) {
        return new Edit((handle, before) -> {
            Host old = existing(before, name);
            Host host = HostChange.keepKeysAndAccounts(old, change.apply(old));
            check(host);
            handle.execute(
                    "update bastion.host set address = ?, port = ?, description = ?, legacy = ?"
                            + " where name = ?",
                    host.address(),
                    host.port(),
                    host.description(),
                    host.legacy(),
                    name);
            for (String table : List.of("host_label", "host_group_member", "host_key")) {
                handle.execute("delete from bastion." + table + " where host_name = ?", name);
            }
            writeParts(handle, before, host);
            return before.withHost(host);
        });
    }

    public static Edit remove(String name) {
        return new Edit((handle, before) -> {
            existing(before, name);
            handle.execute("delete from bastion.host where name = ?", name);
            return before.withoutHost(name);
        });
    }

    /** Replaces the keys that are trusted and those that are offered. */
    public static Edit setKeys(
            String name, List<AuthorizedKey> trusted, List<AuthorizedKey> offered) {
        return new Edit((handle, before) -> {
            Host host = HostChange.keys(existing(before, name), trusted, offered);
            handle.execute("delete from bastion.host_key where host_name = ?", name);
            writeKeys(handle, host);
            return before.withHost(host);
        });
    }

    static Host existing(DirectorySnapshot snapshot, String name) {
        return snapshot.host(name)
                .orElseThrow(() -> new InventoryException("there is no host '" + name + "'"));
    }

    private static void check(Host host) {
        NameRule.check("host", host.name());
        HostRules.description(host.description());
        if (host.labels().size() > HostRules.MAX_LABELS) {
            throw new InventoryException("a host has at most " + HostRules.MAX_LABELS + " labels");
        }
    }

    private static void writeParts(Handle handle, DirectorySnapshot before, Host host) {
        host.labels()
                .forEach((label, value) ->
                        handle.execute(
                                "insert into bastion.host_label (host_name, label,"
                                        + " label_value) values (?, ?, ?)",
                                host.name(),
                                label,
                                value));
        for (String group : host.groups()) {
            GroupEdits.existingHostGroup(before, group);
            writeMember(handle, group, host.name());
        }
        writeKeys(handle, host);
    }

    static void writeMember(Handle handle, String group, String host) {
        handle.execute(
                "insert into bastion.host_group_member (group_name, host_name) values (?, ?)",
                group,
                host);
    }

    private static void writeKeys(Handle handle, Host host) {
        host.trustedKeys().forEach(key -> writeKey(handle, host.name(), true, key));
        host.offeredKeys().forEach(key -> writeKey(handle, host.name(), false, key));
    }

    private static void writeKey(Handle handle, String host, boolean trusted, AuthorizedKey key) {
        handle.execute(
                "insert into bastion.host_key (host_name, trusted, key_type, key_base64,"
                        + " key_comment) values (?, ?, ?, ?, ?)",
                host,
                trusted,
                key.type(),
                key.base64(),
                key.comment());
    }
}
