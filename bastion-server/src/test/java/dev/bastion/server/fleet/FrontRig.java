package dev.bastion.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.CountingTap;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Packets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A client, the front, and hosts that do as the test says; all on the test's own thread. */
final class FrontRig {

    final FakeFleet fleet = new FakeFleet();
    final Client client = new Client();
    final Relay relay;
    @Nullable RelayEnd end;
    long nanoTime;
    private final Mailbox mailbox = new Mailbox();
    private final Front front = new Front(fleet, mailbox, () -> nanoTime);

    FrontRig() {
        Relay.Listener listener =
                new Relay.Listener() {
                    @Override
                    public void exited(ChannelRequest exit) {}

                    @Override
                    public void ended(RelayEnd why, CompletableFuture<?> recorded) {
                        end = why;
                        front.stop(why);
                    }
                };
        relay = new Relay(client, front.end(), new CountingTap(), listener, Runnable::run, false);
        front.begin(relay);
    }

    /** One that has said its version. */
    static FrontRig begun() {
        FrontRig rig = new FrontRig();
        rig.send(Packets.INIT);
        rig.client.packets.clear();
        return rig;
    }

    /** The client sends, and all that can be done by that is done. */
    void send(byte[]... packets) {
        for (byte[] packet : packets) {
            client.granted -= packet.length;
            relay.operatorData(packet, 0, packet.length);
        }
        settle();
    }

    void settle() {
        for (List<Runnable> tasks = mailbox.takeAll();
                !tasks.isEmpty();
                tasks = mailbox.takeAll()) {
            front.turn(tasks);
        }
    }

    FakeHost host(String name) {
        FakeHost host = fleet.hosts.get(name);
        if (host == null) {
            throw new AssertionError(name + " was not reached");
        }
        return host;
    }

    /** The oldest request of a host that the test has not seen; its number is in it. */
    byte[] request(String host) {
        byte[] packet = host(host).requests.poll();
        assertThat(packet).as("a request to " + host).isNotNull();
        return packet == null ? new byte[0] : packet;
    }

    void say(String host, byte[] packet) {
        host(host).say(packet);
        settle();
    }

    /** What the client was told since the last time, as one packet. */
    byte[] answer() {
        assertThat(client.packets).as("answers").hasSize(1);
        return client.packets.removeFirst();
    }

    /** The handle that an answer gives. */
    static byte[] given(byte[] handlePacket) {
        assertThat(handlePacket[4]).isEqualTo((byte) PacketType.HANDLE);
        return field(handlePacket, 9);
    }

    /** The code of a status. */
    static int code(byte[] statusPacket) {
        assertThat(statusPacket[4]).isEqualTo((byte) PacketType.STATUS);
        return ByteBuffer.wrap(statusPacket).getInt(9);
    }

    /** A text field, which begins there. */
    static String text(byte[] packet, int at) {
        return new String(field(packet, at), StandardCharsets.UTF_8);
    }

    private static byte[] field(byte[] packet, int at) {
        ByteBuffer buffer = ByteBuffer.wrap(packet).position(at);
        byte[] field = new byte[buffer.getInt()];
        buffer.get(field);
        return field;
    }

    /** The number of a packet. */
    static int id(byte[] packet) {
        return ByteBuffer.wrap(packet).getInt(Integer.BYTES + 1);
    }

    /** The client's channel; its room is the test's to set. */
    static final class Client implements ChannelEnd {

        final List<byte[]> packets = new ArrayList<>();
        final List<String> events = new ArrayList<>();
        long room = Long.MAX_VALUE / 2;
        long granted = 2 << 20;
        private final PacketCutter cutter = new PacketCutter();

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
            if (stream == STDERR) {
                String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
                events.add("stderr:" + text);
                return;
            }
            cutter.add(Arrays.copyOfRange(bytes, offset, offset + length));
            try {
                while (cutter.hasNext()) {
                    packets.add(cutter.next());
                }
            } catch (Exception e) {
                throw new AssertionError("the client is told what is not SFTP", e);
            }
        }

        @Override
        public void sendEof() {
            events.add("eof");
        }

        @Override
        public void sendRequest(ChannelRequest request) {
            events.add(request.type());
        }

        @Override
        public void sendReply(boolean success) {
            events.add("reply:" + success);
        }

        @Override
        public RelayEnd lost() {
            return RelayEnd.OPERATOR_CLOSED;
        }

        @Override
        public void closeChannel() {
            events.add("close");
        }
    }
}
