package dev.bastion.server.directory;

import dev.bastion.server.identity.NameRule;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.InventoryException;
import dev.bastion.server.vault.SealedCredential;

/** Changes of accounts. {@link CredentialStore} makes the one that adds. */
public final class AccountEdits {

    private AccountEdits() {}

    static Edit add(String host, String login, SealedCredential credential) {
        NameRule.check("account", login);
        return new Edit((handle, before) -> {
            Host owner = HostEdits.existing(before, host);
            if (owner.accounts().contains(login)) {
                throw new InventoryException(
                        "the account "
                                + login
                                + "@"
                                + host
                                + " exists: remove it first to store another credential");
            }
            handle.execute(
                    "insert into bastion.account (host_name, login, kind, sealed) values"
                            + " (?, ?, ?, ?)",
                    host,
                    login,
                    credential.kind().word(),
                    credential.sealed());
            return before.withHost(HostChange.addAccount(owner, login));
        });
    }

    public static Edit remove(String host, String login) {
        return new Edit((handle, before) -> {
            Host owner = HostEdits.existing(before, host);
            if (!owner.accounts().contains(login)) {
                throw new InventoryException("there is no account '" + login + "' on " + host);
            }
            handle.execute(
                    "delete from bastion.account where host_name = ? and login = ?", host, login);
            return before.withHost(HostChange.removeAccount(owner, login));
        });
    }
}
