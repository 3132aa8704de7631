package dev.bastion.server.directory;

import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.inventory.Host;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Hosts that differ from another in one respect. Pure. */
final class HostChange {

    private HostChange() {}

    static Host join(Host host, String group) {
        Set<String> groups = new HashSet<>(host.groups());
        groups.add(group);
        return groups(host, groups);
    }

    static Host leave(Host host, String group) {
        Set<String> groups = new HashSet<>(host.groups());
        groups.remove(group);
        return groups(host, groups);
    }

    static Host addAccount(Host host, String login) {
        Set<String> accounts = new TreeSet<>(host.accounts());
        accounts.add(login);
        return accounts(host, List.copyOf(accounts));
    }

    static Host removeAccount(Host host, String login) {
        return accounts(host, host.accounts().stream().filter(a -> !a.equals(login)).toList());
    }

    static Host keys(Host host, List<AuthorizedKey> trusted, List<AuthorizedKey> offered) {
        return new Host(
                host.name(),
                host.address(),
                host.port(),
                host.description(),
                host.labels(),
                host.groups(),
                host.accounts(),
                trusted,
                offered,
                host.legacy());
    }

    static Host keepKeysAndAccounts(Host old, Host changed) {
        return new Host(
                old.name(),
                changed.address(),
                changed.port(),
                changed.description(),
                changed.labels(),
                changed.groups(),
                old.accounts(),
                old.trustedKeys(),
                old.offeredKeys(),
                changed.legacy());
    }

    private static Host groups(Host host, Set<String> groups) {
        return new Host(
                host.name(),
                host.address(),
                host.port(),
                host.description(),
                host.labels(),
                groups,
                host.accounts(),
                host.trustedKeys(),
                host.offeredKeys(),
                host.legacy());
    }

    private static Host accounts(Host host, List<String> accounts) {
        return new Host(
                host.name(),
                host.address(),
                host.port(),
                host.description(),
                host.labels(),
                host.groups(),
                accounts,
                host.trustedKeys(),
                host.offeredKeys(),
                host.legacy());
    }
}
