package dev.bastion.server.fleet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the fields of a packet, or of a part of one (RFC 4251 section 5). */
final class PacketWriter {

    private static final int AT_FIRST_BYTES = 64;

    private ByteBuffer fields;

    PacketWriter() {
        this(AT_FIRST_BYTES);
    }

    private PacketWriter(int bytes) {
        fields = ByteBuffer.allocate(bytes);
    }

    /** Begins a whole packet. */
    static PacketWriter of(int type, int id) {
        return of(type, id, AT_FIRST_BYTES);
    }

    /**
     * The same.
     *
     * @param bytes that will follow, about
     */
    static PacketWriter of(int type, int id, int bytes) {
        PacketWriter packet = new PacketWriter(2 * Integer.BYTES + 1 + bytes).number(0);
        packet.room(1).put((byte) type);
        return packet.number(id);
    }

    PacketWriter number(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    PacketWriter longNumber(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    PacketWriter bytes(byte[] value) {
        number(value.length);
        room(value.length).put(value);
        return this;
    }

    PacketWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** What follows as it is. */
    PacketWriter rest(byte[] bytes, int offset) {
        room(bytes.length - offset).put(bytes, offset, bytes.length - offset);
        return this;
    }

    private ByteBuffer room(int length) {
        if (fields.remaining() < length) {
            int larger = Math.max(2 * fields.capacity(), fields.position() + length);
            fields = ByteBuffer.allocate(larger).put(fields.flip());
        }
        return fields;
    }

    /** The fields alone; nothing is written after it. */
    byte[] toFields() {
        return fields.hasRemaining()
                ? Arrays.copyOf(fields.array(), fields.position())
                : fields.array();
    }

    /** The whole packet, with its length. */
    byte[] toPacket() {
        fields.putInt(0, fields.position() - Integer.BYTES);
        return toFields();
    }
}
