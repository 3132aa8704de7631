package dev.bastion.server.directory;

import dev.bastion.server.access.Grant;
import dev.bastion.server.access.Network;
import dev.bastion.server.access.Right;
import dev.bastion.server.inventory.InventoryException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Changes of grants. */
public final class GrantEdits {

    private GrantEdits() {}

    /** Adds it under a number of its own, which no other grant ever had. */
    public static Edit add(Grant grant) {
        return new Edit((handle, before) -> {
            checkNames(before, grant);
            return before.withGrant(grant.withId(insert(handle, grant)));
        });
    }

    public static Edit remove(long id) {
        return new Edit((handle, before) -> {
            if (before.grant(id).isEmpty()) {
                throw new InventoryException("there is no grant " + id);
            }
            handle.execute("delete from bastion.access_grant where id = ?", id);
            return before.withoutGrant(id);
        });
    }

    private static void checkNames(DirectorySnapshot snapshot, Grant grant) {
        switch (grant.subject()) {
            case Grant.Subject.OneUser user -> UserEdits.existing(snapshot, user.name());
            case Grant.Subject.GroupOfUsers group -> GroupEdits.existing(snapshot, group.name());
        }
        switch (grant.scope()) {
            case Grant.Scope.OneHost host -> HostEdits.existing(snapshot, host.name());
            case Grant.Scope.GroupOfHosts group ->
                    GroupEdits.existingHostGroup(snapshot, group.name());
            case Grant.Scope.Labelled _ -> {}
        }
    }

    private static long insert(Handle handle, Grant grant) {
        return handle.createUpdate(
                        "insert into bastion.access_grant (user_name, user_group, host_name,"
                                + " host_group, label_selector, accounts, rights, from_networks,"
                                + " not_before, until_time) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(0, grant.subject() instanceof Grant.Subject.OneUser u ? u.name() : null)
                .bind(1, grant.subject() instanceof Grant.Subject.GroupOfUsers g ? g.name() : null)
                .bind(2, grant.scope() instanceof Grant.Scope.OneHost h ? h.name() : null)
                .bind(3, grant.scope() instanceof Grant.Scope.GroupOfHosts g ? g.name() : null)
                .bind(
                        4,
                        grant.scope() instanceof Grant.Scope.Labelled l
                                ? l.selector().toString()
                                : null)
                .bind(5, grant.accounts().stream().sorted().collect(Collectors.joining(",")))
                .bind(
                        6,
                        grant.rights().stream()
                                .sorted()
                                .map(Right::word)
                                .collect(Collectors.joining(",")))
                .bind(
                        7,
                        grant.from().stream()
                                .map(Network::toString)
                                .collect(Collectors.joining(",")))
                .bind(8, utc(grant.notBefore()))
                .bind(9, utc(grant.until()))
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }
}
