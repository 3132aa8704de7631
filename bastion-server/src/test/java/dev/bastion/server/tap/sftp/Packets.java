package dev.bastion.server.tap.sftp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Packets as a client and a host make them. */
public final class Packets {

    public static final byte[] INIT = packet(PacketType.INIT, 3);
    public static final byte[] VERSION = packet(PacketType.VERSION, 3);

    private Packets() {}

    /**
     * A packet of these fields: {@code Integer}, {@code Long}, {@code String} and {@code byte[]},
     * the last two with their length before them.
     */
    public static byte[] packet(int type, Object... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(type);
        for (Object field : fields) {
            switch (field) {
                case Integer number -> out.writeBytes(bytes(number));
                case Long number ->
                        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
                case String text -> string(out, text.getBytes(StandardCharsets.UTF_8));
                case byte[] text -> string(out, text);
                default -> throw new IllegalArgumentException("field: " + field);
            }
        }
        return join(bytes(out.size()), out.toByteArray());
    }

    private static void string(ByteArrayOutputStream out, byte[] text) {
        out.writeBytes(bytes(text.length));
        out.writeBytes(text);
    }

    private static byte[] bytes(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public static byte[] open(int id, String path, int flags) {
        return packet(PacketType.OPEN, id, path, flags, 0);
    }

    public static byte[] close(int id, String handle) {
        return packet(PacketType.CLOSE, id, handle);
    }

    public static byte[] read(int id, String handle, long offset, int length) {
        return packet(PacketType.READ, id, handle, offset, length);
    }

    public static byte[] write(int id, String handle, long offset, byte[] data) {
        return packet(PacketType.WRITE, id, handle, offset, data);
    }

    public static byte[] handle(int id, String handle) {
        return packet(PacketType.HANDLE, id, handle);
    }

    public static byte[] data(int id, byte[] data) {
        return packet(PacketType.DATA, id, data);
    }

    public static byte[] status(int id, int code) {
        return packet(PacketType.STATUS, id, code, "said by the host", "");
    }
}
