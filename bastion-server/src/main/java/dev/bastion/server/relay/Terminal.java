package dev.bastion.server.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The terminal that the operator's client asked for: a pty-req with the newest sizes (RFC 4254
 * section 6.2). Immutable.
 *
 * @param type TERM
 * @param columns as the client says, 0 included
 * @param modes encoded terminal modes, byte for byte
 */
public record Terminal(
        String type, int columns, int rows, int widthPixels, int heightPixels, byte[] modes) {

    /** Longest TERM that is taken. */
    public static final int TYPE_LIMIT = 128;

    public Terminal resized(int newColumns, int newRows, int newWidth, int newHeight) {
        return new Terminal(type, newColumns, newRows, newWidth, newHeight, modes);
    }

    /** The same request for the host. */
    public ChannelRequest request() {
        byte[] name = type.getBytes(StandardCharsets.UTF_8);
        ByteBuffer payload = ByteBuffer.allocate(4 + name.length + 16 + 4 + modes.length);
        payload.putInt(name.length).put(name);
        payload.putInt(columns).putInt(rows).putInt(widthPixels).putInt(heightPixels);
        payload.putInt(modes.length).put(modes);
        return new ChannelRequest("pty-req", true, payload.array());
    }
}
