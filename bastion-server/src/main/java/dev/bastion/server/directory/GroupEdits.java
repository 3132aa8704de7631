package dev.bastion.server.directory;

import dev.bastion.server.identity.NameRule;
import dev.bastion.server.identity.UserGroup;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.HostGroup;
import dev.bastion.server.inventory.HostRules;
import dev.bastion.server.inventory.InventoryException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Changes of user groups and host groups. */
public final class GroupEdits {

    private GroupEdits() {}

    public static Edit add(String name, String description) {
        NameRule.check("group", name);
        HostRules.description(description);
        return new Edit((handle, before) -> {
            if (before.group(name).isPresent()) {
                throw new InventoryException("the group " + name + " exists");
            }
            handle.execute(
                    "insert into bastion.user_group (name, description) values (?, ?)",
                    name,
                    description);
            return before.withGroup(new UserGroup(name, description, Set.of()));
        });
    }

    public static Edit remove(String name) {
        return new Edit((handle, before) -> {
            existing(before, name);
            handle.execute("delete from bastion.user_group where name = ?", name);
            return before.withoutGroup(name);
        });
    }

    public static Edit addMembers(String name, List<String> users) {
        return new Edit((handle, before) -> {
            UserGroup group = existing(before, name);
            Set<String> members = new HashSet<>(group.members());
            for (String user : users) {
                UserEdits.existing(before, user);
                if (members.add(user)) {
                    handle.execute(
                            "insert into bastion.user_group_member (group_name, user_name)"
                                    + " values (?, ?)",
                            name,
                            user);
                }
            }
            return before.withGroup(new UserGroup(name, group.description(), members));
        });
    }

    public static Edit removeMembers(String name, List<String> users) {
        return new Edit((handle, before) -> {
            UserGroup group = existing(before, name);
            Set<String> members = new HashSet<>(group.members());
            for (String user : users) {
                if (!members.remove(user)) {
                    throw new InventoryException("'" + user + "' is not in the group " + name);
                }
                handle.execute(
                        "delete from bastion.user_group_member where group_name = ? and"
                                + " user_name = ?",
                        name,
                        user);
            }
            return before.withGroup(new UserGroup(name, group.description(), members));
        });
    }

    public static Edit addHostGroup(String name, String description) {
        NameRule.check("host group", name);
        HostRules.description(description);
        return new Edit((handle, before) -> {
            if (before.hostGroup(name).isPresent()) {
                throw new InventoryException("the host group " + name + " exists");
            }
            handle.execute(
                    "insert into bastion.host_group (name, description) values (?, ?)",
                    name,
                    description);
            return before.withHostGroup(new HostGroup(name, description));
        });
    }

    public static Edit removeHostGroup(String name) {
        return new Edit((handle, before) -> {
            existingHostGroup(before, name);
            handle.execute("delete from bastion.host_group where name = ?", name);
            return before.withoutHostGroup(name);
        });
    }

    public static Edit addHosts(String name, List<String> hosts) {
        return new Edit((handle, before) -> {
            existingHostGroup(before, name);
            DirectorySnapshot after = before;
            for (String hostName : hosts) {
                Host host = HostEdits.existing(after, hostName);
                if (!host.groups().contains(name)) {
                    HostEdits.writeMember(handle, name, hostName);
                    after = after.withHost(HostChange.join(host, name));
                }
            }
            return after;
        });
    }

    public static Edit removeHosts(String name, List<String> hosts) {
        return new Edit((handle, before) -> {
            existingHostGroup(before, name);
            DirectorySnapshot after = before;
            for (String hostName : hosts) {
                Host host = HostEdits.existing(after, hostName);
                if (!host.groups().contains(name)) {
                    throw new InventoryException(
                            "'" + hostName + "' is not in the host group " + name);
                }
                handle.execute(
                        "delete from bastion.host_group_member where group_name = ? and"
                                + " host_name = ?",
                        name,
                        hostName);
                after = after.withHost(HostChange.leave(host, name));
            }
            return after;
        });
    }

    static UserGroup existing(DirectorySnapshot snapshot, String name) {
        return snapshot.group(name)
                .orElseThrow(() -> new InventoryException("there is no group '" + name + "'"));
    }

    static HostGroup existingHostGroup(DirectorySnapshot snapshot, String name) {
        return snapshot.hostGroup(name)
                .orElseThrow(() -> new InventoryException("there is no host group '" + name + "'"));
    }
}
