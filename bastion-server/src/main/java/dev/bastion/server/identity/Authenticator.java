package dev.bastion.server.identity;

import dev.bastion.server.vault.Secret;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Says whether somebody is who they say. Wrong, unknown and disabled take the same way and about
 * the same time, and give the same answer. Thread-safe.
 */
public final class Authenticator {

    /** Passwords that are hashed at the same time; the others wait for their turn. */
    public static final int MAX_CONCURRENT_HASHES = 2;

    private static final User NOBODY =
            new User(
                    "-",
                    Set.of(),
                    false,
                    List.of(new AuthorizedKey("ssh-ed25519", "-", "")),
                    PasswordHash.DUMMY);

    private final UserLookup users;
    private final Semaphore hashing = new Semaphore(MAX_CONCURRENT_HASHES, true);

    public Authenticator(UserLookup users) {
        this.users = users;
    }

    /**
     * The user, if the key is one of theirs. Never blocks, so it may be called on an event loop.
     *
     * @param provenKey the key that signed; never one that was merely offered
     */
    public Optional<User> byKey(String userName, AuthorizedKey provenKey) {
        User user = users.user(userName).orElse(NOBODY);
        boolean found = false;
        for (AuthorizedKey key : user.keys()) {
            found |= key.sameKey(provenKey);
        }
        return found && user.enabled() ? Optional.of(user) : Optional.empty();
    }

    /**
     * The user, if the password is theirs. Blocks for tens of milliseconds, more when many try at
     * once.
     *
     * @throws InterruptedException when interrupted while waiting for its turn
     */
    public Optional<User> byPassword(String userName, Secret password) throws InterruptedException {
        User user = users.user(userName).orElse(NOBODY);
        boolean usable = user.enabled() && user.passwordHash() != null;
        String hash = user.passwordHash() == null ? PasswordHash.DUMMY : user.passwordHash();
        boolean matches;
        hashing.acquire();
        try {
            matches = PasswordHash.matches(password, hash);
        } finally {
            hashing.release();
        }
        return matches && usable ? Optional.of(user) : Optional.empty();
    }
}
