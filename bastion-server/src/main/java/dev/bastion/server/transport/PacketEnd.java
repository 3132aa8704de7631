package dev.bastion.server.transport;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import java.io.IOException;

/** A channel as the relay writes to it: what all kinds of channels have in common. Thread-safe. */
public abstract class PacketEnd implements ChannelEnd {

    private final ChannelPackets packets;
    private final ReceiveWindow window;

    protected PacketEnd(ChannelPackets packets, ReceiveWindow window) {
        this.packets = packets;
        this.window = window;
    }

    @Override
    public long room() {
        return packets.room();
    }

    @Override
    public final void send(int stream, byte[] bytes, int offset, int length) throws IOException {
        var _ = packets.data(stream, bytes, offset, length);
    }

    @Override
    public final void sendRequest(ChannelRequest outgoing) throws IOException {
        packets.request(outgoing);
    }

    @Override
    public final void sendReply(boolean success) throws IOException {
        packets.reply(success);
    }

    @Override
    public final long granted() {
        return window.granted();
    }

    @Override
    public final void grant(long bytes) throws IOException {
        window.grant(bytes);
    }
}
