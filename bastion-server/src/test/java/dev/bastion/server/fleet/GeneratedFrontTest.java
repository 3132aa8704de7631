package dev.bastion.server.fleet;

import static dev.bastion.server.tap.sftp.Packets.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Packets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests and answers made by chance, cut anywhere, and with bytes changed. */
final class GeneratedFrontTest {

    private static final int ROUNDS = 300;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void howTheBytesAreCutChangesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            List<byte[]> requests = requests();
            FrontRig whole = FrontRig.begun();
            FrontRig cut = FrontRig.begun();
            byte[] all = joined(requests);
            whole.send(all);
            for (byte[] piece : pieces(all, 40)) {
                cut.send(piece);
            }
            assertThat(cut.end).as("seed %d", seed).isNull();
            // What a host lacks is answered when its turn comes, so the order is not the same.
            assertThat(sorted(cut.client.packets))
                    .as("seed %d", seed)
                    .isEqualTo(sorted(whole.client.packets));
            assertThat(cut.fleet.hosts.keySet())
                    .as("seed %d", seed)
                    .isEqualTo(whole.fleet.hosts.keySet());
            for (String host : cut.fleet.hosts.keySet()) {
                assertThat(joined(cut.host(host).requests))
                        .as("seed %d", seed)
                        .isEqualTo(joined(whole.host(host).requests));
            }
        }
    }

    @Test
    void eachRequestHasOneAnswer() {
        for (int round = 0; round < ROUNDS; round++) {
            FrontRig rig = FrontRig.begun();
            List<byte[]> requests = requests();
            for (byte[] request : requests) {
                rig.send(request);
                answerAll(rig);
            }
            assertThat(rig.end).as("seed %d", seed).isNull();
            assertThat(rig.client.packets)
                    .as("seed %d", seed)
                    .extracting(answer -> ByteBuffer.wrap(answer).getInt(5))
                    .containsExactlyElementsOf(
                            requests.stream()
                                    .map(request -> ByteBuffer.wrap(request).getInt(5))
                                    .toList());
        }
    }

    @Test
    void changedBytesEndTheSessionAtMost() {
        for (int round = 0; round < ROUNDS; round++) {
            FrontRig rig = FrontRig.begun();
            for (byte[] request : requests()) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    request[random.nextInt(request.length)] ^= (byte) (1 << random.nextInt(8));
                }
                for (byte[] piece : pieces(request, 200)) {
                    rig.send(piece);
                }
                answerAll(rig);
            }
            if (rig.end != null) {
                assertThat(rig.end.reason()).as("seed %d", seed).isEqualTo("malformed");
            }
        }
    }

    /** Hosts answer by chance, and now and then with bytes that are no answer. */
    private void answerAll(FrontRig rig) {
        for (FakeHost host : List.copyOf(rig.fleet.hosts.values())) {
            while (!host.requests.isEmpty()) {
                byte[] request = host.requests.remove();
                int id = ByteBuffer.wrap(request).getInt(5);
                boolean opens = request[4] == PacketType.OPEN || request[4] == PacketType.OPENDIR;
                host.say(
                        opens && random.nextBoolean()
                                ? Packets.handle(id, "h".repeat(1 + random.nextInt(256)))
                                : Packets.status(id, random.nextInt(9)));
                rig.settle();
            }
        }
    }

    private static List<ByteBuffer> sorted(Collection<byte[]> packets) {
        return packets.stream().map(ByteBuffer::wrap).sorted().toList();
    }

    private static byte[] joined(Collection<byte[]> packets) {
        return Packets.join(packets.toArray(byte[][]::new));
    }

    private List<byte[]> pieces(byte[] bytes, int longest) {
        List<byte[]> pieces = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(longest));
            byte[] piece = new byte[length];
            System.arraycopy(bytes, at, piece, 0, length);
            pieces.add(piece);
            at += length;
        }
        return pieces;
    }

    private List<byte[]> requests() {
        List<byte[]> requests = new ArrayList<>();
        int id = random.nextInt();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            id++;
            byte[] handle = ByteBuffer.allocate(4).putInt(1 + random.nextInt(4)).array();
            requests.add(
                    switch (random.nextInt(10)) {
                        case 0 -> Packets.open(id, path(), random.nextInt(64));
                        case 1 -> packet(PacketType.OPENDIR, id, path());
                        case 2 -> packet(PacketType.READDIR, id, handle);
                        case 3 -> packet(PacketType.CLOSE, id, handle);
                        case 4 -> packet(PacketType.WRITE, id, handle, 0L, new byte[300]);
                        case 5 -> packet(PacketType.READ, id, handle, 0L, 300);
                        case 6 -> packet(PacketType.RENAME, id, path(), path());
                        case 7 -> packet(PacketType.STAT, id, path());
                        case 8 ->
                                packet(
                                        PacketType.EXTENDED,
                                        id,
                                        Extensions.OFFERED[2 * random.nextInt(4)],
                                        path(),
                                        path());
                        default ->
                                packet(
                                        PacketType.EXTENDED,
                                        id,
                                        "copy-data",
                                        handle,
                                        0L,
                                        0L,
                                        handle,
                                        0L);
                    });
        }
        return requests;
    }

    private String path() {
        String[] parts = {"/web1", "/web2", "/@web", "/absent", "/..", "/.", "/a", "/é", ""};
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            path.append(parts[random.nextInt(parts.length)]);
        }
        return path.toString();
    }
}
