package dev.bastion.server.directory;

import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.NameRule;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.InventoryException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Changes of users. None leaves the bastion without an enabled administrator. */
public final class UserEdits {

    /** Of one user. */
    public static final int MAX_KEYS = 64;

    private UserEdits() {}

    public static Edit add(User user) {
        NameRule.check("user", user.name());
        return new Edit((handle, before) -> {
            if (before.user(user.name()).isPresent()) {
                throw new InventoryException("the user " + user.name() + " exists");
            }
            checkKeys(user.keys());
            handle.execute(
                    "insert into bastion.users (name, enabled, password_hash) values (?, ?,"
                            + " ?)",
                    user.name(),
                    user.enabled(),
                    user.passwordHash());
            for (Role role : user.roles()) {
                handle.execute(
                        "insert into bastion.user_role (user_name, role) values (?, ?)",
                        user.name(),
                        role.word());
            }
            writeKeys(handle, user);
            return before.withUser(user);
        });
    }

    public static Edit remove(String name) {
        return new Edit((handle, before) -> {
            keepAnAdmin(before, existing(before, name));
            handle.execute("delete from bastion.users where name = ?", name);
            return before.withoutUser(name);
        });
    }

    public static Edit enable(String name, boolean enabled) {
        return new Edit((handle, before) -> {
            User user = existing(before, name);
            if (!enabled) {
                keepAnAdmin(before, user);
            }
            handle.execute("update bastion.users set enabled = ? where name = ?", enabled, name);
            return before.withUser(
                    new User(name, user.roles(), enabled, user.keys(), user.passwordHash()));
        });
    }

    public static Edit addKey(String name, AuthorizedKey key) {
        return new Edit((handle, before) -> {
            List<AuthorizedKey> keys = new ArrayList<>(existing(before, name).keys());
            if (keys.stream().anyMatch(key::sameKey)) {
                throw new InventoryException(
                        name + " has the key " + key.fingerprint() + " already");
            }
            keys.add(key);
            return withKeys(handle, before, name, keys);
        });
    }

    public static Edit removeKey(String name, String fingerprint) {
        return new Edit((handle, before) -> {
            List<AuthorizedKey> keys = new ArrayList<>(existing(before, name).keys());
            if (!keys.removeIf(key -> key.fingerprint().equals(fingerprint))) {
                throw new InventoryException(
                        name
                                + " has no key with the fingerprint '"
                                + fingerprint
                                + "': see 'user key list "
                                + name
                                + "'");
            }
            return withKeys(handle, before, name, keys);
        });
    }

    /** Sets the password, as {@link dev.bastion.server.identity.PasswordHash} makes it. */
    public static Edit setPassword(String name, String hash) {
        return new Edit((handle, before) -> {
            User user = existing(before, name);
            handle.execute("update bastion.users set password_hash = ? where name = ?", hash, name);
            return before.withUser(new User(name, user.roles(), user.enabled(), user.keys(), hash));
        });
    }

    static User existing(DirectorySnapshot snapshot, String name) {
        return snapshot.user(name)
                .orElseThrow(() -> new InventoryException("there is no user '" + name + "'"));
    }

    private static void keepAnAdmin(DirectorySnapshot before, User user) {
        if (user.enabled() && user.has(Role.ADMIN) && !before.hasEnabledAdminBeside(user.name())) {
            throw new InventoryException(
                    user.name()
                            + " is the last enabled administrator: add or enable another first");
        }
    }

    private static DirectorySnapshot withKeys(
            Handle handle, DirectorySnapshot before, String name, List<AuthorizedKey> keys) {
        checkKeys(keys);
        User user = existing(before, name);
        User changed = new User(name, user.roles(), user.enabled(), keys, user.passwordHash());
        handle.execute("delete from bastion.user_key where user_name = ?", name);
        writeKeys(handle, changed);
        return before.withUser(changed);
    }

    private static void checkKeys(List<AuthorizedKey> keys) {
        if (keys.size() > MAX_KEYS) {
            throw new InventoryException("a user has at most " + MAX_KEYS + " keys");
        }
    }

    private static void writeKeys(Handle handle, User user) {
        for (AuthorizedKey key : user.keys()) {
            handle.execute(
                    "insert into bastion.user_key (user_name, key_type, key_base64, key_comment)"
                            + " values (?, ?, ?, ?)",
                    user.name(),
                    key.type(),
                    key.base64(),
                    key.comment());
        }
    }
}
