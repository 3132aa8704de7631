package dev.bastion.server.relay;

import java.io.IOException;

/**
 * The far end of one channel, as the relay writes to it. Thread-safe; no call blocks on the
 * network.
 *
 * <p>Words are those of RFC 4254 section 5.
 */
public interface ChannelEnd {

    /** Ordinary channel data. */
    int DATA = 0;

    /** Extended data, SSH_EXTENDED_DATA_STDERR. */
    int STDERR = 1;

    /**
     * How many bytes can be sent to the far end now: its window, less while much of what was sent
     * has not left yet.
     */
    long room();

    /** How many bytes the far end may still send. */
    long granted();

    /**
     * Sends bytes; takes them out of the window.
     *
     * @param stream {@link #DATA} or {@link #STDERR}
     * @param length at most {@link #room()}
     */
    void send(int stream, byte[] bytes, int offset, int length) throws IOException;

    /** Sends EOF: no more data from this side. */
    void sendEof() throws IOException;

    /** Sends a channel request. */
    void sendRequest(ChannelRequest request) throws IOException;

    /** Answers the oldest unanswered request of the far end. */
    void sendReply(boolean success) throws IOException;

    /** Lets the far end send that many more bytes. */
    void grant(long bytes) throws IOException;

    /** What it means for a relay that this cannot be written to any more. */
    RelayEnd lost();

    /** Ends the channel after what was sent. Idempotent. */
    void closeChannel();
}
