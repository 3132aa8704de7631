package dev.bastion.server.fleet;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import dev.bastion.server.tap.sftp.PacketType;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A host's channel: says its version, and keeps what it is asked. Its room is the test's to set.
 */
final class FakeHost implements ChannelEnd {

    final ArrayDeque<byte[]> requests = new ArrayDeque<>();
    long room = Long.MAX_VALUE / 2;
    long granted;
    boolean ended;
    boolean closed;
    int replies;
    String reason = "";
    @Nullable Relay relay;
    private final String[] extensions;
    private final PacketCutter cutter = new PacketCutter();

    FakeHost(String... extensions) {
        this.extensions = extensions;
    }

    @Override
    public long room() {
        return room;
    }

    @Override
    public long granted() {
        return granted;
    }

    @Override
    public void grant(long bytes) {
        granted += bytes;
    }

    @Override
    public void send(int stream, byte[] bytes, int offset, int length) {
        room -= length;
        cutter.add(Arrays.copyOfRange(bytes, offset, offset + length));
        try {
            while (cutter.hasNext()) {
                byte[] packet = cutter.next();
                if (packet[4] == PacketType.INIT) {
                    PacketWriter version = PacketWriter.of(PacketType.VERSION, 3);
                    Arrays.stream(extensions).forEach(version::text);
                    say(version.toPacket());
                } else {
                    requests.add(packet);
                }
            }
        } catch (MalformedPacketException e) {
            throw new AssertionError(e);
        }
    }

    void say(byte[] packet) {
        granted -= packet.length;
        relay().hostData(ChannelEnd.DATA, packet, 0, packet.length);
    }

    Relay relay() {
        Relay running = relay;
        if (running == null) {
            throw new AssertionError("the host is not joined");
        }
        return running;
    }

    @Override
    public void sendEof() {
        ended = true;
    }

    @Override
    public void sendRequest(ChannelRequest request) {}

    @Override
    public void sendReply(boolean success) {
        replies++;
    }

    @Override
    public RelayEnd lost() {
        return RelayEnd.HOST_LOST;
    }

    @Override
    public void closeChannel() {
        closed = true;
    }
}
