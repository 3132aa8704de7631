package dev.bastion.server.relay;

/**
 * What one of a relay's two channels hears from its peer. Called on the connection's reader thread,
 * in order; nothing here blocks.
 */
public interface ChannelEvents {

    /**
     * Bytes came.
     *
     * @param stream {@link ChannelEnd#DATA} or {@link ChannelEnd#STDERR}
     */
    void data(int stream, byte[] bytes, int offset, int length);

    void eof();

    /** The peer takes more. */
    void room();

    /** The peer closed the channel; what it sent before goes on first. */
    void closed();

    /** The channel is gone without a word: its connection was lost, or this side closed it. */
    void lost(RelayEnd why);
}
