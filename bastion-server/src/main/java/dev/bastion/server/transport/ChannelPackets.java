package dev.bastion.server.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.transport.loop.Carrier;
import dev.bastion.server.transport.loop.SpareArrays;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.AbstractChannel;
import org.apache.sshd.common.channel.RemoteWindow;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.PacketBuffer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the packets of one channel straight to its connection, without streams (RFC 4254 section
 * 5).
 *
 * <p>Thread-safe as far as the caller keeps one direction's order. No call waits for the network:
 * what is written while keys are exchanged is queued ({@link KeyExchanges}).
 */
public final class ChannelPackets {

    /**
     * The largest data packet sent, in bytes; RFC 4253 section 6.1 lets every peer take this much.
     */
    private static final long PACKET_LIMIT = 32_768;

    /** What a peer that reads slowly may keep waiting in this process, of one connection. */
    private static final long UNSENT_LIMIT = 2 << 20;

    /** Data of a packet from which on an array is used again, in bytes. */
    private static final int SPARE = 16 * 1024;

    /** A packet of the channel that MINA sends. */
    public interface Sending {
        void send() throws IOException;
    }

    private final AbstractChannel channel;
    private final AtomicBoolean exitTold = new AtomicBoolean();

    /** Held while a packet is sent, so that none comes after the CLOSE. */
    private final Object sending = new Object();

    @GuardedBy("sending")
    private boolean ended;

    public ChannelPackets(AbstractChannel channel) {
        this.channel = channel;
    }

    /**
     * Bytes that can be sent now: what the peer's window takes, and no more than {@link
     * #UNSENT_LIMIT} that have not left yet; 0 before the channel is open, when it is closing, and
     * while keys are exchanged.
     */
    public long room() {
        if (channel.isClosing() || channel.getRecipient() < 0) {
            return 0;
        }
        Carrier carrier = Carrier.of(channel.getSession());
        if (carrier != null && carrier.exchangesKeys()) {
            return 0;
        }
        long unsent = carrier == null ? 0 : carrier.unsent();
        return Math.clamp(UNSENT_LIMIT - unsent, 0, channel.getRemoteWindow().getSize());
    }

    /**
     * The channel's CLOSE follows: what is sent from now on is dropped. A peer for whom the channel
     * is gone would end the connection, with all other channels on it.
     */
    public void endBeforeClose() {
        synchronized (sending) {
            ended = true;
        }
    }

    /** Sends this, unless it would come after the CLOSE. */
    public void send(Sending packet) throws IOException {
        synchronized (sending) {
            if (!ended) {
                packet.send();
            }
        }
    }

    private @Nullable IoWriteFuture write(Buffer packet) throws IOException {
        synchronized (sending) {
            return ended ? null : channel.getSession().writePacket(packet);
        }
    }

    /** Tells the peer that it may send that many more bytes. */
    public void windowAdjust(long bytes) throws IOException {
        Session session = channel.getSession();
        Buffer packet =
                session.createBuffer(SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST, Long.BYTES);
        packet.putUInt(channel.getRecipient());
        packet.putUInt(bytes);
        var _ = write(packet);
    }

    /**
     * Sends data, whatever {@link #room} says; the caller keeps to the peer's window.
     *
     * @return completes when all of it has left; nothing when nothing was sent
     */
    public @Nullable IoWriteFuture data(int stream, byte[] bytes, int offset, int length)
            throws IOException {
        IoWriteFuture last = null;
        RemoteWindow window = channel.getRemoteWindow();
        long limit = Math.min(PACKET_LIMIT, window.getPacketSize());
        Session session = channel.getSession();
        Carrier carrier = Carrier.of(session);
        for (int sent = 0; sent < length; ) {
            int piece = (int) Math.min(limit, length - sent);
            boolean plain = stream == ChannelEnd.DATA;
            byte command =
                    plain
                            ? SshConstants.SSH_MSG_CHANNEL_DATA
                            : SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA;
            SpareArrays spare =
                    carrier == null || piece < SPARE ? null : carrier.socket().spareArrays();
            Buffer packet =
                    spare == null
                            ? session.createBuffer(command, piece + Long.SIZE)
                            : session.prepareBuffer(command, new PacketBuffer(spare.take(), false));
            packet.putUInt(channel.getRecipient());
            if (!plain) {
                packet.putInt(SshConstants.SSH_EXTENDED_DATA_STDERR);
            }
            packet.putBytes(bytes, offset + sent, piece);
            window.consume(piece);
            last = write(packet);
            if (spare != null && last != null) {
                last.addListener(written -> giveBack(spare, packet, written));
            }
            sent += piece;
        }
        return last;
    }

    /** Only after a write that succeeded is it sure that nobody holds the array. */
    private static void giveBack(SpareArrays spare, Buffer packet, IoWriteFuture written) {
        if (written.isWritten()) {
            spare.giveBack(packet.array());
        }
    }

    /** Sends a request; how a process ended is told once. */
    public void request(ChannelRequest request) throws IOException {
        if (request.type().startsWith("exit-") && exitTold.getAndSet(true)) {
            return;
        }
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
        var _ = write(packet);
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
        var _ = write(packet);
    }

    /** The rest of a request as it came, after its type and want-reply. */
    public static ChannelRequest read(String type, boolean wantReply, Buffer buffer) {
        byte[] payload = new byte[buffer.available()];
        buffer.getRawBytes(payload);
        return new ChannelRequest(type, wantReply, payload);
    }
}
