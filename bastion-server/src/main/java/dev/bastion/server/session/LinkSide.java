package dev.bastion.server.session;

import dev.bastion.server.fleet.HostLink;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.SessionRequest;
import dev.bastion.server.relay.Terminal;
import dev.bastion.server.transport.Waits;
import dev.bastion.server.transport.loop.LoopSession;
import org.jspecify.annotations.Nullable;

/**
 * The front of a fleet, as the operator of one host's session. Thread-safe.
 *
 * @param waits given up when the front stops
 */
record LinkSide(HostLink link, RelayedSide client, Waits waits) implements RelayedSide {

    /** The same subsystem, without what only a terminal or a command would use. */
    @Override
    public SessionRequest request() {
        SessionRequest asked = client.request();
        return new SessionRequest(
                asked.kind(), asked.command(), null, asked.environment(), false, asked.start());
    }

    @Override
    public boolean askedForX11() {
        return false;
    }

    @Override
    public @Nullable Terminal terminal() {
        return null;
    }

    @Override
    public @Nullable LoopSession socket() {
        return client.socket();
    }

    @Override
    public ChannelEnd end() {
        return link.end();
    }

    @Override
    public void beginning() {
        // Until it is joined the link asks nothing.
    }

    @Override
    public void handOver(Relay relay) {
        link.joined(relay);
    }

    @Override
    public void takeBack() {
        // What follows to the host is nothing: the link is told that the session is over.
    }
}
