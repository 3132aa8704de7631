package dev.bastion.server.identity;

import java.util.Set;

/**
 * Users who are granted things together. Immutable.
 *
 * @param members names of users
 */
public record UserGroup(String name, String description, Set<String> members) {

    public UserGroup {
        members = Set.copyOf(members);
    }
}
