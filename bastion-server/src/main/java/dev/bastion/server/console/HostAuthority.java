package dev.bastion.server.console;

import dev.bastion.server.identity.AuthorizedKey;
import java.util.List;

/**
 * Who certifies the bastion's host keys, for known_hosts. Immutable.
 *
 * @param names of the bastion itself that are certified too
 */
public record HostAuthority(AuthorizedKey key, List<String> names) {

    public HostAuthority {
        names = List.copyOf(names);
    }
}
