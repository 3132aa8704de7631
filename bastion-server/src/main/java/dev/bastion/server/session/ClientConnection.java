package dev.bastion.server.session;

import dev.bastion.server.access.ReachableHost;
import dev.bastion.server.transport.ChannelRefusedException;

/** What the channels of one authenticated connection share. Thread-safe. */
public final class ClientConnection implements AutoCloseable {

    final Visitor visitor;
    final HostConnections hosts;
    private final Forwarding forwarding;
    private final Jumps jumps;

    public ClientConnection(SessionParts parts, Visitor visitor, OperatorLink link) {
        this.visitor = visitor;
        this.hosts = new HostConnections(parts.hosts(), parts.credentials());
        this.forwarding = new Forwarding(parts, hosts, visitor, link);
        this.jumps = new Jumps(parts, visitor);
    }

    /**
     * The host that the client means that wants to speak with one inside this connection.
     *
     * @param data of the opening of its {@code direct-tcpip} channel
     * @throws ChannelRefusedException when there is none that the user may reach; recorded
     * @throws IllegalArgumentException when the opening is malformed
     */
    public ReachableHost jump(byte[] data) throws ChannelRefusedException {
        return jumps.find(data);
    }

    /** The name or address that the client has for that host; one that {@link #jump} found. */
    public static String jumpName(byte[] data) {
        return ForwardRequest.parse(data).host();
    }

    /** Whether the connection's address names a target. */
    public boolean hasTarget() {
        return visitor.host() != null;
    }

    public Forwarding forwarding() {
        return forwarding;
    }

    /** The operator is gone. Does not block for long: any thread but a loop's. */
    @Override
    public void close() {
        forwarding.close();
        hosts.close();
    }
}
