package dev.bastion.server.session;

import dev.bastion.menu.terminal.KeySource;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.SessionRequest;
import dev.bastion.server.relay.Terminal;
import dev.bastion.server.transport.loop.LoopSession;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The operator's channel, as a session sees it. One reader and one writer at a time: first the
 * session itself (menu, commands, messages), then the relay, then the session again.
 */
public interface OperatorSide {

    /** What was asked for, with the terminal's size of this moment. */
    SessionRequest request();

    /** The terminal of this moment, if there is one. */
    @Nullable Terminal terminal();

    /** What is typed, a byte at a time; nothing is read ahead. */
    KeySource keys();

    /** What is typed, as a stream that ends with the client's EOF. */
    InputStream input();

    /** To the operator's screen or standard output; blocks while the client's window is full. */
    OutputStream output();

    /** To standard error; the screen when there is a terminal. */
    OutputStream errors();

    /** The socket that the channel is on, where a host's is to be served beside it. */
    @Nullable LoopSession socket();

    /** The far end of the channel, for a relay. */
    ChannelEnd end();

    /** Everything typed from now on, and what was typed and not read, goes to the relay. */
    void handOver(Relay relay);

    /** What is typed from now on is read by the session again. */
    void takeBack();

    /** Tells the client how the process ended, as a host said it. */
    void exit(ChannelRequest exit);

    /** Tells the client an exit status. */
    void exit(int status);

    /** Ends the channel after all that was written. Idempotent. */
    void close();
}
