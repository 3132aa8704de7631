package dev.bastion.server.session;

import dev.bastion.audit.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * Who stands at the door, and where they want to go: what an authenticated connection knows.
 * Immutable.
 *
 * @param user name of the user whose key or password was proved
 * @param from the client's address, without its port
 * @param host absent for the menu and the bastion's own commands
 * @param account absent where the user may use just one
 */
public record Visitor(
        ConnectionId connection,
        String user,
        String from,
        @Nullable String account,
        @Nullable String host) {

    /** What was asked for, as the user wrote it; empty for the menu. */
    String target() {
        return host == null ? "" : account == null ? host : account + "@" + host;
    }
}
