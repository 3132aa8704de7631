package dev.bastion.server.access;

import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.LabelSelector;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach what, as whom, to do what, from where and when. Immutable.
 *
 * @param id given by the directory; 0 before it is kept
 * @param accounts the logins; empty means every account that a host has
 * @param rights at least one
 * @param from networks that the user must come from; none means anywhere
 * @param notBefore inclusive
 * @param until exclusive
 */
public record Grant(
        long id,
        Subject subject,
        Scope scope,
        Set<String> accounts,
        Set<Right> rights,
        List<Network> from,
        @Nullable Instant notBefore,
        @Nullable Instant until) {

    /** What a grant allows unless it says otherwise. */
    public static final Set<Right> DEFAULT_RIGHTS =
            Set.of(Right.SHELL, Right.EXEC, Right.SFTP_READ, Right.SFTP_WRITE);

    public Grant {
        accounts = Set.copyOf(accounts);
        rights = Set.copyOf(rights);
        from = List.copyOf(from);
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("rights must not be empty");
        }
    }

    /** Who is granted something. */
    public sealed interface Subject {

        record OneUser(String name) implements Subject {}

        record GroupOfUsers(String name) implements Subject {}
    }

    /** Which hosts a grant is about. */
    public sealed interface Scope {

        record OneHost(String name) implements Scope {}

        record GroupOfHosts(String name) implements Scope {}

        record Labelled(LabelSelector selector) implements Scope {}
    }

    /** Whether it is about this host. */
    public boolean covers(Host host) {
        return switch (scope) {
            case Scope.OneHost one -> one.name().equals(host.name());
            case Scope.GroupOfHosts group -> host.groups().contains(group.name());
            case Scope.Labelled labelled -> labelled.selector().matches(host);
        };
    }

    /** Whether it is about this account. */
    public boolean allowsAccount(String account) {
        return accounts.isEmpty() || accounts.contains(account);
    }

    public Grant withId(long number) {
        return new Grant(number, subject, scope, accounts, rights, from, notBefore, until);
    }
}
