package dev.bastion.server.gateway;

import dev.bastion.server.access.ReachableHost;
import dev.bastion.server.session.ClientConnection;
import dev.bastion.server.transport.ChannelCarrier;
import dev.bastion.server.transport.ChannelRefusedException;
import dev.bastion.server.transport.RelayedChannel;
import dev.bastion.server.transport.loop.Carrier;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.server.SshServer;

/**
 * Serves {@code ssh -J}: the client's {@code direct-tcpip} to a host's SSH port goes no further
 * than the bastion, which answers inside it as that host. A connection made in this way is like any
 * other from then on.
 */
final class JumpOpener implements RelayedChannel.Opener {

    private final SshServer server;

    /**
     * @param server which serves the inner connections as well
     */
    JumpOpener(SshServer server) {
        this.server = server;
    }

    @Override
    public CompletableFuture<?> opening(RelayedChannel channel, byte[] data) {
        OperatorConnection outer = Gateway.of(channel.getSession());
        ClientConnection client = outer == null ? null : outer.client();
        Carrier carrier = Carrier.of(channel.getSession());
        if (outer == null || client == null || carrier == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("a jump from nobody's connection"));
        }
        try {
            ReachableHost host = client.jump(data);
            String asked = ClientConnection.jumpName(data);
            ChannelCarrier inner =
                    new ChannelCarrier(carrier, channel.end(), server.getSessionFactory());
            inner.setAttribute(Jump.class, new Jump(outer, host, asked));
            channel.bind(inner);
            carrier.socket().expectsWork();
            return CompletableFuture.completedFuture(null);
        } catch (ChannelRefusedException | IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
