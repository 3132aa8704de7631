package dev.bastion.server.identity;

import java.util.Optional;

/** Finds a user by exact name, enabled or not. Thread-safe; never blocks. */
@FunctionalInterface
public interface UserLookup {

    Optional<User> user(String name);
}
