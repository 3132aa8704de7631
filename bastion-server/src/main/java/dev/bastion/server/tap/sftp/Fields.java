package dev.bastion.server.tap.sftp;

import dev.bastion.server.tap.PathText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the fields of a packet from left to right (RFC 4251 section 5). */
public final class Fields {

    /** The longest path; systems have shorter limits. */
    public static final int PATH_LIMIT_BYTES = 32 << 10;

    private final ByteBuffer packet;

    /** Begins after length and type. */
    public Fields(ByteBuffer packet) {
        this.packet = packet.duplicate().position(PacketReader.START_BYTES);
    }

    public int number() throws MalformedPacketException {
        need(Integer.BYTES);
        return packet.getInt();
    }

    public long longNumber() throws MalformedPacketException {
        need(Long.BYTES);
        return packet.getLong();
    }

    public byte[] bytes() throws MalformedPacketException {
        int length = number();
        if (length < 0) {
            throw tooShort();
        }
        need(length);
        byte[] bytes = new byte[length];
        packet.get(bytes);
        return bytes;
    }

    /** A handle, a character for each byte. */
    String handle() throws MalformedPacketException {
        return new String(bytes(), StandardCharsets.ISO_8859_1);
    }

    /** A path, as records have it. */
    String path() throws MalformedPacketException {
        byte[] bytes = bytes();
        if (bytes.length > PATH_LIMIT_BYTES) {
            throw new MalformedPacketException("a path of " + bytes.length + " bytes");
        }
        return PathText.of(bytes);
    }

    /**
     * Where in the packet the next field begins, and after the last one the end of what was read.
     */
    public int position() {
        return packet.position();
    }

    private void need(int length) throws MalformedPacketException {
        if (packet.remaining() < length) {
            throw tooShort();
        }
    }

    private static MalformedPacketException tooShort() {
        return new MalformedPacketException("a packet that is shorter than its fields");
    }
}
