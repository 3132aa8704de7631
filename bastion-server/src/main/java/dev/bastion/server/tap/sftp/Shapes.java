package dev.bastion.server.tap.sftp;

import java.nio.ByteBuffer;

/** The packets of the two directions. */
final class Shapes {

    /** Length, type, number. */
    private static final int NUMBERED_BYTES = PacketReader.START_BYTES + Integer.BYTES;

    /** These, and one more number: a status, or the length of what follows. */
    private static final int COUNTED_BYTES = NUMBERED_BYTES + Integer.BYTES;

    private Shapes() {}

    /** Requests are heads as a whole, but for the data of a write. */
    static int request(int type, int length, ByteBuffer start) throws MalformedPacketException {
        if (type != PacketType.WRITE) {
            return Integer.BYTES + length;
        }
        int handle = handleBytes(start);
        return handle < 0 ? COUNTED_BYTES : COUNTED_BYTES + handle + Long.BYTES + Integer.BYTES;
    }

    /** Of a reply only what says how it went. */
    static int reply(int type, int length, ByteBuffer start) throws MalformedPacketException {
        return switch (type) {
            case PacketType.VERSION, PacketType.NAME, PacketType.ATTRS, PacketType.EXTENDED_REPLY ->
                    NUMBERED_BYTES;
            case PacketType.STATUS, PacketType.DATA -> COUNTED_BYTES;
            case PacketType.HANDLE -> COUNTED_BYTES + Math.max(0, handleBytes(start));
            default -> throw new MalformedPacketException("a packet of type " + type);
        };
    }

    /** -1 while it is not known. */
    private static int handleBytes(ByteBuffer start) throws MalformedPacketException {
        if (start.limit() < COUNTED_BYTES) {
            return -1;
        }
        int length = start.getInt(NUMBERED_BYTES);
        if (length < 0 || length > PacketReader.HANDLE_LIMIT_BYTES) {
            throw new MalformedPacketException("a handle that is too long");
        }
        return length;
    }
}
