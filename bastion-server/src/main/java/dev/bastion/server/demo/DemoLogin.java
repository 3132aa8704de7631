package dev.bastion.server.demo;

import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.vault.Secret;

/**
 * The one account of a {@link DemoHost}: a login name and the one way in.
 *
 * @param name any login name; the shell runs as the current user all the same
 * @param credential what the name must come with
 */
public record DemoLogin(String name, Accepted credential) {

    /** What a demo host accepts. */
    public sealed interface Accepted {

        /** A password, also as the answer to keyboard-interactive's one question. */
        record Password(Secret password) implements Accepted {}

        /** A key, by its public half. */
        record Key(AuthorizedKey key) implements Accepted {}
    }

    public DemoLogin {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: must not be blank");
        }
    }

    public static DemoLogin withPassword(String name, Secret password) {
        return new DemoLogin(name, new Accepted.Password(password));
    }

    public static DemoLogin withKey(String name, AuthorizedKey key) {
        return new DemoLogin(name, new Accepted.Key(key));
    }
}
