package dev.bastion.server.tap.sftp;

import static dev.bastion.server.tap.sftp.Packets.close;
import static dev.bastion.server.tap.sftp.Packets.data;
import static dev.bastion.server.tap.sftp.Packets.handle;
import static dev.bastion.server.tap.sftp.Packets.join;
import static dev.bastion.server.tap.sftp.Packets.open;
import static dev.bastion.server.tap.sftp.Packets.packet;
import static dev.bastion.server.tap.sftp.Packets.read;
import static dev.bastion.server.tap.sftp.Packets.status;
import static dev.bastion.server.tap.sftp.Packets.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.relay.BrokenProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Conversations made by chance, cut anywhere, and with bytes changed. */
final class GeneratedSftpTest {

    private static final int ROUNDS = 300;

    private static final int[] WRONG_LENGTHS = {
        0, 1, 4, 5, 255, 65_536, 262_144, 262_145, Integer.MAX_VALUE, Integer.MIN_VALUE, -5, -1
    };

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** What goes to one side before the other side says anything. */
    private record Turn(boolean ofClient, byte[] bytes) {}

    @Test
    void howTheBytesAreCutChangesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Turn> turns = conversation();
            TappedSftp whole = new TappedSftp(true, true);
            TappedSftp cut = new TappedSftp(true, true);
            for (Turn turn : turns) {
                play(whole, turn, turn.bytes.length);
                play(cut, turn, 1 + random.nextInt(40));
            }
            assertThat(whole.failure).as("seed %d", seed).isNull();
            assertThat(cut.failure).as("seed %d", seed).isNull();
            assertThat(cut.host.toByteArray())
                    .as("seed %d", seed)
                    .isEqualTo(said(turns, true))
                    .isEqualTo(whole.host.toByteArray());
            assertThat(cut.client.toByteArray())
                    .as("seed %d", seed)
                    .isEqualTo(said(turns, false))
                    .isEqualTo(whole.client.toByteArray());
            assertThat(cut.records()).as("seed %d", seed).isEqualTo(whole.records()).isNotEmpty();
        }
    }

    @Test
    void changedBytesEndTheSessionAtMost() {
        for (int round = 0; round < ROUNDS; round++) {
            TappedSftp sftp = new TappedSftp(random.nextBoolean(), random.nextBoolean());
            for (Turn turn : conversation()) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    turn.bytes[random.nextInt(turn.bytes.length)] ^=
                            (byte) (1 << random.nextInt(8));
                }
                play(sftp, turn, 1 + random.nextInt(400));
            }
            if (sftp.failure != null) {
                assertThat(sftp.failure)
                        .as("seed %d", seed)
                        .isInstanceOf(BrokenProtocolException.class);
            }
            assertThat(sftp.tap.ended()).as("seed %d", seed).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void anyBytesEndTheSessionAtMost() {
        for (int round = 0; round < ROUNDS; round++) {
            TappedSftp sftp = TappedSftp.begun(true, true);
            byte[] noise = new byte[1 + random.nextInt(2000)];
            random.nextBytes(noise);
            noise[0] = 0;
            noise[1 % noise.length] = 0;
            play(sftp, new Turn(random.nextBoolean(), noise), 1 + random.nextInt(100));
            assertThat(sftp.failure == null || sftp.failure instanceof BrokenProtocolException)
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    /** Each length that a packet states, of itself and of its fields, is wrong in turn. */
    @Test
    void wrongLengthsEndTheSessionAtMost() {
        for (int round = 0; round < ROUNDS / 30; round++) {
            List<Turn> turns = conversation();
            int wrong = random.nextInt(turns.size());
            int longest = Math.min(turns.get(wrong).bytes.length, 80);
            for (int at = 0; at + Integer.BYTES <= longest; at++) {
                for (int length : WRONG_LENGTHS) {
                    TappedSftp sftp = new TappedSftp(true, true);
                    for (int turn = 0; turn < turns.size(); turn++) {
                        byte[] bytes = turns.get(turn).bytes.clone();
                        if (turn == wrong) {
                            ByteBuffer.wrap(bytes).putInt(at, length);
                        }
                        boolean ofClient = turns.get(turn).ofClient;
                        play(sftp, new Turn(ofClient, bytes), 1 + random.nextInt(400));
                    }
                    assertThat(
                                    sftp.failure == null
                                            || sftp.failure instanceof BrokenProtocolException)
                            .as("seed %d: %s", seed, sftp.failure)
                            .isTrue();
                }
            }
        }
    }

    private void play(TappedSftp sftp, Turn turn, int longest) {
        int at = 0;
        while (at < turn.bytes.length) {
            int length = Math.min(turn.bytes.length - at, 1 + random.nextInt(longest));
            if (turn.ofClient) {
                sftp.fromClient(turn.bytes, at, length);
            } else {
                sftp.fromHost(turn.bytes, at, length);
            }
            at += length;
        }
    }

    private static byte[] said(List<Turn> turns, boolean byClient) {
        return join(
                turns.stream()
                        .filter(turn -> turn.ofClient == byClient)
                        .map(Turn::bytes)
                        .toArray(byte[][]::new));
    }

    /** Files are opened, read, written, closed; links, names, listings between; all answered. */
    private List<Turn> conversation() {
        List<Turn> turns = new ArrayList<>();
        turns.add(new Turn(true, Packets.INIT.clone()));
        turns.add(new Turn(false, Packets.VERSION.clone()));
        int id = random.nextInt();
        for (int files = 1 + random.nextInt(5); files > 0; files--) {
            String name = "h".repeat(1 + random.nextInt(256));
            boolean writes = random.nextBoolean();
            turns.add(new Turn(true, open(++id, path(), writes ? 2 : 1)));
            turns.add(new Turn(false, handle(id, name)));
            List<byte[]> requests = new ArrayList<>();
            List<byte[]> replies = new ArrayList<>();
            long offset = 0;
            for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
                byte[] piece = new byte[random.nextInt(3000)];
                random.nextBytes(piece);
                id++;
                requests.add(
                        writes
                                ? write(id, name, offset, piece)
                                : read(id, name, offset, piece.length));
                replies.add(writes ? status(id, 0) : data(id, piece));
                offset += piece.length;
            }
            id++;
            requests.add(packet(PacketType.RENAME, id, path(), path()));
            replies.add(status(id, random.nextInt(9)));
            id++;
            requests.add(packet(PacketType.STAT, id, path()));
            replies.add(packet(PacketType.ATTRS, id, 0));
            id++;
            requests.add(close(id, name));
            replies.add(status(id, 0));
            turns.add(new Turn(true, join(requests.toArray(byte[][]::new))));
            turns.add(new Turn(false, join(replies.toArray(byte[][]::new))));
        }
        return turns;
    }

    private String path() {
        return "/" + "é".repeat(random.nextInt(200));
    }
}
