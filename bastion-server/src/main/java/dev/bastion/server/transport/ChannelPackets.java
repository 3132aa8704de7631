package dev.bastion.server.transport;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.AbstractChannel;
import org.apache.sshd.common.channel.RemoteWindow;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Writes the packets of one channel straight to its connection, without streams (RFC 4254 section
 * 5).
 *
 * <p>Thread-safe as far as the caller keeps one direction's order: MINA queues packets while keys
 * are exchanged, so no call waits for the network.
 */
public final class ChannelPackets {

    /**
     * The largest data packet sent, in bytes; RFC 4253 section 6.1 lets every peer take this much.
     */
    private static final long PACKET_LIMIT = 32_768;

    private final AbstractChannel channel;

    public ChannelPackets(AbstractChannel channel) {
        this.channel = channel;
    }

    /**
     * Bytes that the peer's window takes now; 0 before the channel is open and when it is closing.
     */
    public long room() {
        RemoteWindow window = channel.getRemoteWindow();
        return channel.isClosing() || channel.getRecipient() < 0 ? 0 : window.getSize();
    }

    public void data(int stream, byte[] bytes, int offset, int length) throws IOException {
        RemoteWindow window = channel.getRemoteWindow();
        long limit = Math.min(PACKET_LIMIT, window.getPacketSize());
        Session session = channel.getSession();
        for (int sent = 0; sent < length; ) {
            int piece = (int) Math.min(limit, length - sent);
            boolean plain = stream == ChannelEnd.DATA;
            byte command =
                    plain
                            ? SshConstants.SSH_MSG_CHANNEL_DATA
                            : SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA;
            Buffer packet = session.createBuffer(command, piece + Long.SIZE);
            packet.putUInt(channel.getRecipient());
            if (!plain) {
                packet.putInt(SshConstants.SSH_EXTENDED_DATA_STDERR);
            }
            packet.putBytes(bytes, offset + sent, piece);
            window.consume(piece);
            session.writePacket(packet);
            sent += piece;
        }
    }

    public void request(ChannelRequest request) throws IOException {
        byte[] payload = request.payload();
        Session session = channel.getSession();
        Buffer packet =
                session.createBuffer(
                        SshConstants.SSH_MSG_CHANNEL_REQUEST,
                        payload.length + request.type().length() + Long.SIZE);
        packet.putUInt(channel.getRecipient());
        packet.putString(request.type());
        packet.putBoolean(request.wantReply());
        packet.putRawBytes(payload);
        session.writePacket(packet);
    }

    public void reply(boolean success) throws IOException {
        Session session = channel.getSession();
        Buffer packet =
                session.createBuffer(
                        success
                                ? SshConstants.SSH_MSG_CHANNEL_SUCCESS
                                : SshConstants.SSH_MSG_CHANNEL_FAILURE,
                        Integer.BYTES);
        packet.putUInt(channel.getRecipient());
        session.writePacket(packet);
    }

    /** The rest of a request as it came, after its type and want-reply. */
    public static ChannelRequest read(String type, boolean wantReply, Buffer buffer) {
        byte[] payload = new byte[buffer.available()];
        buffer.getRawBytes(payload);
        return new ChannelRequest(type, wantReply, payload);
    }
}
