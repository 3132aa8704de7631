package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** What the client is told. Confined. */
final class Answers {

    /** Entries in one answer to READDIR. */
    private static final int ENTRIES = 100;

    private static final int SIZE_OWNER_PERMISSIONS = 1 | 2 | 4;
    private static final int READABLE_DIRECTORY = 0040555;
    private static final String LONG = "dr-xr-xr-x    1 0        0               0 Jan  1  1970 ";

    private final Consumer<byte[]> client;
    private final Consumer<byte[]> errors;
    private String lastSaid = "";

    /**
     * @param client takes whole packets
     * @param errors takes text that is shown beside them
     */
    Answers(Consumer<byte[]> client, Consumer<byte[]> errors) {
        this.client = client;
        this.errors = errors;
    }

    /** What a host's program says beside its answers. */
    void errors(byte[] text) {
        errors.accept(text);
    }

    /** Says a sentence, once, for clients that do not show those of statuses. */
    void say(String sentence) {
        if (!sentence.equals(lastSaid)) {
            lastSaid = sentence;
            errors.accept(("bastion: " + sentence + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    void version() {
        PacketWriter packet = PacketWriter.of(PacketType.VERSION, Extensions.VERSION);
        for (String text : Extensions.OFFERED) {
            packet.text(text);
        }
        client.accept(packet.toPacket());
    }

    /** An answer of a host, but with the number of the client's request. */
    void pass(int id, byte[] packet) {
        ByteBuffer.wrap(packet).putInt(Integer.BYTES + 1, id);
        client.accept(packet);
    }

    void status(int id, int code, String sentence) {
        client.accept(Status.packet(id, code, "bastion: " + sentence));
    }

    void done(int id) {
        client.accept(Status.packet(id, Status.OK, "ok"));
    }

    void handle(int id, byte[] handle) {
        client.accept(PacketWriter.of(PacketType.HANDLE, id).bytes(handle).toPacket());
    }

    /** The attributes of a directory of the bastion's own. */
    void directory(int id) {
        client.accept(attributes(PacketWriter.of(PacketType.ATTRS, id)).toPacket());
    }

    /** The real path that an entry has, or the topmost directory for no name. */
    void realPath(int id, String name) {
        PacketWriter packet = PacketWriter.of(PacketType.NAME, id).number(1);
        byte[] path = ("/" + name).getBytes(StandardCharsets.ISO_8859_1);
        client.accept(attributes(packet.bytes(path).bytes(path)).toPacket());
    }

    /** The next entries of the topmost directory. */
    void entries(int id, Iterator<String> names) {
        List<String> some = new ArrayList<>();
        while (names.hasNext() && some.size() < ENTRIES) {
            some.add(names.next());
        }
        if (some.isEmpty()) {
            status(id, Status.EOF, "these are all");
            return;
        }
        PacketWriter packet = PacketWriter.of(PacketType.NAME, id).number(some.size());
        for (String name : some) {
            attributes(packet.text(name).text(LONG + name));
        }
        client.accept(packet.toPacket());
    }

    private static PacketWriter attributes(PacketWriter packet) {
        return packet.number(SIZE_OWNER_PERMISSIONS)
                .longNumber(0)
                .number(0)
                .number(0)
                .number(READABLE_DIRECTORY);
    }
}
