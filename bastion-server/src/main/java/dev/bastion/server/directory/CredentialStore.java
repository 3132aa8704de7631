package dev.bastion.server.directory;

import dev.bastion.server.inventory.InventoryException;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.vault.Credential;
import dev.bastion.server.vault.SealedCredential;
import dev.bastion.server.vault.Secret;
import dev.bastion.server.vault.Vault;
import dev.bastion.server.vault.VaultException;
import java.util.ArrayList;
import java.util.List;

/** Seals credentials into the directory, and opens them for a connection. Thread-safe; blocks. */
public final class CredentialStore {

    private final Directory directory;
    private final Vault vault;

    public CredentialStore(Directory directory, Vault vault) {
        this.directory = directory;
        this.vault = vault;
    }

    /**
     * What to log in to the target with; the caller closes it.
     *
     * @throws InventoryException when the account is gone or the database is away
     * @throws VaultException when it does not open
     */
    public Credential credentialFor(Target target) {
        String host = target.host().name();
        String login = target.account();
        SealedCredential stored =
                directory
                        .sealedCredential(host, login)
                        .orElseThrow(() -> new InventoryException("there is no account " + target));
        Secret secret =
                vault.open(Vault.Place.account(host, login, stored.kind()), stored.sealed());
        return switch (stored.kind()) {
            case PASSWORD -> new Credential.Password(secret);
            case KEY -> new Credential.PrivateKey(secret);
        };
    }

    /**
     * Whether any stored credential opens, or none is stored: so the master key is the right one.
     */
    public boolean opensAny() {
        List<Directory.Account> accounts = new ArrayList<>();
        directory.accounts(accounts::add);
        return accounts.isEmpty() || accounts.stream().anyMatch(this::opens);
    }

    private boolean opens(Directory.Account account) {
        SealedCredential stored =
                directory.sealedCredential(account.host(), account.login()).orElse(null);
        if (stored == null) {
            return false;
        }
        Vault.Place place = Vault.Place.account(account.host(), account.login(), stored.kind());
        try {
            vault.open(place, stored.sealed()).close();
            return true;
        } catch (VaultException e) {
            return false;
        }
    }

    /** The change that stores this credential as an account of the host. */
    public Edit add(String host, String login, Credential credential) {
        return switch (credential) {
            case Credential.Password password ->
                    add(host, login, SealedCredential.Kind.PASSWORD, password.password());
            case Credential.PrivateKey key ->
                    add(host, login, SealedCredential.Kind.KEY, key.openSsh());
        };
    }

    private Edit add(String host, String login, SealedCredential.Kind kind, Secret secret) {
        byte[] sealed = vault.seal(Vault.Place.account(host, login, kind), secret);
        return AccountEdits.add(host, login, new SealedCredential(kind, sealed));
    }
}
