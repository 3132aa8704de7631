package dev.bastion.server.identity;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person or robot known to the bastion. Immutable.
 *
 * @param passwordHash argon2id in PHC form; absent when the user has no password
 */
public record User(
        String name,
        Set<Role> roles,
        boolean enabled,
        List<AuthorizedKey> keys,
        @Nullable String passwordHash) {

    public User {
        roles = Set.copyOf(roles);
        keys = List.copyOf(keys);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    @Override
    public String toString() {
        return "User[" + name + "]";
    }
}
