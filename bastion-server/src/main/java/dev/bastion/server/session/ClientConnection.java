package dev.bastion.server.session;

/** What the channels of one authenticated connection share. Thread-safe. */
public final class ClientConnection implements AutoCloseable {

    final Visitor visitor;
    final HostConnections hosts;
    private final Forwarding forwarding;

    public ClientConnection(SessionParts parts, Visitor visitor, OperatorLink link) {
        this.visitor = visitor;
        this.hosts = new HostConnections(parts.hosts(), parts.credentials());
        this.forwarding = new Forwarding(parts, hosts, visitor, link);
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
