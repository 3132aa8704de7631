package dev.bastion.server.session;

import dev.bastion.server.transport.ChannelRefusedException;
import dev.bastion.server.transport.RelayedChannel;
import dev.bastion.server.transport.loop.LoopSession;
import java.io.IOException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The operator's connection, as what is opened towards the operator sees it. Thread-safe. */
public interface OperatorLink {

    /**
     * A channel that is to be opened at the operator's client.
     *
     * @param type e.g. {@code forwarded-tcpip}
     * @throws ChannelRefusedException when the connection has as many channels as it may
     */
    RelayedChannel channel(String type) throws IOException, ChannelRefusedException;

    /** Done when the client has its answers to all that it has asked of its connection so far. */
    Future<?> answered();

    /**
     * Says a sentence that belongs to no channel.
     *
     * @param last whether the client has nothing more from hosts, so that it is disconnected with
     *     the sentence when the connections that it has are over; not while it has a session
     */
    void tell(String sentence, boolean last);

    /** The socket that the connection is on, where a host's is to be served beside it. */
    @Nullable LoopSession socket();
}
