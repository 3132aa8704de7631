package dev.bastion.server.local;

import dev.bastion.server.console.Caller;
import dev.bastion.server.identity.Role;
import java.util.EnumSet;

/**
 * Who gives commands on the machine itself: whoever may read the data folder is an administrator.
 */
public final class LocalCaller {

    private LocalCaller() {}

    /** The login that runs this process, or that is told by a process of the same login. */
    public static Caller named(String login) {
        String name = login.replaceAll("[^A-Za-z0-9._-]", "_");
        return new Caller("local:" + name, EnumSet.of(Role.ADMIN), "local");
    }
}
