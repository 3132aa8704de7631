package dev.bastion.audit;

/**
 * What every record of a session repeats, so that each can be read alone.
 *
 * @param from the client's address, without its port
 */
public record SessionContext(
        ConnectionId connection,
        SessionId session,
        String user,
        String from,
        String host,
        String account) {}
