package dev.bastion.server.gateway;

import dev.bastion.server.transport.ChannelPackets;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.sshd.common.channel.AbstractChannel;
import org.apache.sshd.common.io.IoWriteFuture;

/**
 * Writes to the operator from the session's own (virtual) thread: blocks while the client's window
 * is full, and fails when the client is gone. Not buffered.
 */
final class ChannelOutput extends OutputStream {

    /** How long a client may take nothing of what the bastion itself has to say. */
    private static final Duration STALL_LIMIT = Duration.ofMinutes(10);

    /** What is written at once, and may wait for the end of a key exchange. */
    private static final int PIECE_BYTES = 32 << 10;

    private final AbstractChannel channel;
    private final ChannelPackets packets;
    private final int stream;

    ChannelOutput(AbstractChannel channel, ChannelPackets packets, int stream) {
        this.channel = channel;
        this.packets = packets;
        this.stream = stream;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int sent = 0;
        while (sent < length) {
            try {
                if (channel.isClosing()) {
                    throw new IOException("the client is gone");
                }
                long room = channel.getRemoteWindow().waitForSpace(STALL_LIMIT);
                int piece = (int) Math.min(Math.min(room, PIECE_BYTES), length - sent);
                IoWriteFuture written = packets.data(stream, bytes, offset + sent, piece);
                sent += piece;
                if (written != null && packets.room() == 0) {
                    written.await(STALL_LIMIT);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the client took nothing");
            }
        }
    }
}
