package dev.bastion.server.session;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.SessionRequest;
import dev.bastion.server.relay.Terminal;
import dev.bastion.server.transport.Waits;
import dev.bastion.server.transport.loop.LoopSession;
import org.jspecify.annotations.Nullable;

/**
 * What a session at a host needs of its operator's side: what was asked for, and the relay's end.
 */
interface RelayedSide {

    /** What was asked for, with the terminal's size of this moment. */
    SessionRequest request();

    /** Whether the client asked for X11 before it started anything; it does not get it. */
    boolean askedForX11();

    /** The terminal of this moment, if there is one. */
    @Nullable Terminal terminal();

    /** The socket that the channel is on, where a host's is to be served beside it. */
    @Nullable LoopSession socket();

    /** What is waited for at hosts for the channel: given up when the channel is over. */
    Waits waits();

    /** The far end of the channel, for a relay. */
    ChannelEnd end();

    /**
     * A host's session begins. Its output may reach the client before {@link #handOver}: what the
     * client answers to that, its CLOSE included, waits for the hand-over.
     */
    void beginning();

    /** Everything typed from now on, and what was typed and not read, goes to the relay. */
    void handOver(Relay relay);

    /** What is typed from now on is read by the session again. */
    void takeBack();
}
