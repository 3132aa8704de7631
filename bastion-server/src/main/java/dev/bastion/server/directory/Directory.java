package dev.bastion.server.directory;

import dev.bastion.server.access.RecentUse;
import dev.bastion.server.identity.User;
import dev.bastion.server.identity.UserLookup;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.InventoryException;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.vault.SealedCredential;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the bastion keeps users, groups, hosts, accounts and grants. Lookups read one immutable
 * snapshot in memory and never block; a change runs in one transaction of the database and then
 * replaces the snapshot. Thread-safe.
 */
public final class Directory implements UserLookup, RecentUse {

    /** Looks at a change that is about to be committed; what it throws undoes the change. */
    @FunctionalInterface
    public interface BeforeCommit {
        void accept(DirectorySnapshot before, DirectorySnapshot after);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

    private final BastionDatabase database;
    private final RecentTargets recent;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile DirectorySnapshot snapshot;

    /** As last read, sealed: for when the database is away. */
    private final ConcurrentMap<AccountName, SealedCredential> credentials =
            new ConcurrentHashMap<>();

    private record AccountName(String host, String login) {}

    private Directory(BastionDatabase database, RecentTargets recent, DirectorySnapshot snapshot) {
        this.database = database;
        this.recent = recent;
        this.snapshot = snapshot;
    }

    /**
     * Reads all of it. The caller closes the database after the last use.
     *
     * @throws InventoryException when the database cannot be read
     */
    public static Directory load(BastionDatabase database) {
        try {
            Directory directory =
                    new Directory(
                            database,
                            RecentTargets.load(database.jdbi()),
                            database.jdbi().withHandle(DirectoryRows::load));
            directory.readCredentials();
            return directory;
        } catch (JdbiException e) {
            throw new InventoryException("the database cannot be read", e);
        }
    }

    /** Everything as of now. */
    public DirectorySnapshot snapshot() {
        return snapshot;
    }

    @Override
    public Optional<User> user(String name) {
        return snapshot.user(name);
    }

    public Optional<Host> host(String name) {
        return snapshot.host(name);
    }

    /** Makes a change. Blocks on the database. */
    public void apply(Edit edit) {
        apply(edit, (_, _) -> {});
    }

    /**
     * Makes a change if the hook lets it pass. Changes wait for one another; this one for the
     * database and the hook.
     *
     * @throws InventoryException with a sentence when it cannot be; then nothing has changed
     */
    public void apply(Edit edit, BeforeCommit hook) {
        changing.lock();
        try {
            DirectorySnapshot before = snapshot;
            snapshot =
                    database.jdbi()
                            .inTransaction(handle -> {
                                DirectorySnapshot after = edit.apply(handle, before);
                                hook.accept(before, after);
                                return after;
                            });
        } catch (JdbiException e) {
            database.renew();
            throw new InventoryException("the database cannot be written; nothing was changed", e);
        } finally {
            changing.unlock();
        }
    }

    private void readCredentials() {
        database.jdbi()
                .useHandle(handle ->
                        AccountRows.credentials(
                                handle,
                                (account, sealed) ->
                                        credentials.put(
                                                new AccountName(account.host(), account.login()),
                                                sealed)));
    }

    /**
     * The stored credential of an account; the one that was last read while the database is away.
     * Blocks on the database.
     *
     * @throws InventoryException when the database is away and it was never read
     */
    public Optional<SealedCredential> sealedCredential(String host, String login) {
        AccountName name = new AccountName(host, login);
        try {
            Optional<SealedCredential> stored =
                    database.jdbi().withHandle(h -> AccountRows.credential(h, host, login));
            stored.ifPresentOrElse(
                    sealed -> credentials.put(name, sealed), () -> credentials.remove(name));
            return stored;
        } catch (JdbiException e) {
            database.renew();
            SealedCredential last = credentials.get(name);
            if (last == null) {
                throw new InventoryException("the database cannot be read", e);
            }
            LOG.warn(
                    "the database cannot be read; the credential of {}@{} is the one last read: {}",
                    login,
                    host,
                    e.getMessage());
            return Optional.of(last);
        }
    }

    /** An account as it is listed. */
    public record Account(String host, String login, SealedCredential.Kind kind) {}

    /** Each account, sorted by host and login. Blocks on the database. */
    public void accounts(Consumer<Account> rows) {
        try {
            database.jdbi().useHandle(handle -> AccountRows.all(handle, rows));
        } catch (JdbiException e) {
            throw new InventoryException("the database cannot be read", e);
        }
    }

    /**
     * Notes that a user went to a target. Blocks on the database, so on a virtual thread; a use
     * that cannot be written is kept in memory only.
     */
    public void recordUse(String user, Target target, Instant time) {
        recent.record(user, target, time);
    }

    @Override
    public Map<String, Instant> lastUsed(String user) {
        return recent.lastUsed(user);
    }
}
