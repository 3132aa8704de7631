package dev.bastion.server.gateway;

import dev.bastion.server.transport.ChannelRefusedException;
import dev.bastion.server.transport.RelayedChannel;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;

/**
 * How many channels a client's connection may have at once. One more is refused, and those that are
 * there go on; MINA's own limit would end them all. Immutable.
 */
record ChannelLimit(int channels) {

    private static final String SENTENCE = "this connection has as many channels as it may";

    boolean isReached(Session session) {
        return all(session).size() >= channels;
    }

    /** The channels that are not over. */
    static List<Channel> present(Session session) {
        return all(session).stream().filter(channel -> !channel.isClosed()).toList();
    }

    private static Collection<Channel> all(Session session) {
        return session.getService(ConnectionService.class)
                        instanceof AbstractConnectionService service
                ? service.getChannels()
                : List.of();
    }

    /** What the client opened, as a channel that is refused. */
    RelayedChannel refusedChannel(String type) {
        return new RelayedChannel(
                type,
                OperatorChannel::lost,
                (channel, data) -> CompletableFuture.failedFuture(refusal()));
    }

    ChannelRefusedException refusal() {
        return new ChannelRefusedException(SshConstants.SSH_OPEN_RESOURCE_SHORTAGE, SENTENCE);
    }
}
