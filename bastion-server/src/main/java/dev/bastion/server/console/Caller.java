package dev.bastion.server.console;

import dev.bastion.server.identity.Role;
import java.util.Set;

/**
 * Who gives a command.
 *
 * @param name user's name, or {@code local:NAME} for a login on the machine itself
 * @param from address, or {@code local}
 */
public record Caller(String name, Set<Role> roles, String from) {

    public Caller {
        roles = Set.copyOf(roles);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }
}
