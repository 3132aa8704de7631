package dev.bastion.server.access;

import dev.bastion.server.identity.User;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants. Immutable.
 *
 * @param groups the user groups that the user is in
 * @param from the client's address, without its port
 * @param host name of the host, as the user wrote it
 * @param account the login; absent when the user named none
 */
public record AccessRequest(
        User user,
        Set<String> groups,
        String from,
        String host,
        @Nullable String account,
        Right right,
        Instant time) {

    public AccessRequest {
        groups = Set.copyOf(groups);
    }
}
