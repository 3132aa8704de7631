package dev.bastion.server.session;

import dev.bastion.menu.terminal.KeySource;
import dev.bastion.server.relay.ChannelRequest;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The operator's channel, as a session sees it. One reader and one writer at a time: first the
 * session itself (menu, commands, messages), then the relay, then the session again.
 */
public interface OperatorSide extends RelayedSide {

    /** What is typed, a byte at a time; nothing is read ahead. */
    KeySource keys();

    /** What is typed, as a stream that ends with the client's EOF. */
    InputStream input();

    /** To the operator's screen or standard output; blocks while the client's window is full. */
    OutputStream output();

    /** To standard error; the screen when there is a terminal. */
    OutputStream errors();

    /** Says something that is no part of any output (SSH_MSG_DEBUG); many clients only log it. */
    void debug(String sentence);

    /** Tells the client how the process ended, as a host said it. */
    void exit(ChannelRequest exit);

    /** Tells the client an exit status. */
    void exit(int status);

    /** Ends the channel after all that was written. Idempotent. */
    void close();
}
