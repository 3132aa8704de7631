package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.PacketType;
import org.jspecify.annotations.Nullable;

/**
 * A request to a host.
 *
 * @param type one of {@link PacketType}
 * @param extension its name, when the type is EXTENDED
 * @param head the fields after the number, which are this host's
 * @param tail holds the fields that follow, as the client sent them; shared, nobody changes it
 * @param tailAt where in the tail they begin
 */
record Ask(int type, @Nullable String extension, byte[] head, byte[] tail, int tailAt) {

    private static final byte[] NONE = {};

    static Ask of(int type, @Nullable String extension, byte[] head) {
        return new Ask(type, extension, head, NONE, 0);
    }

    /** The close of a handle. */
    static Ask close(byte[] handle) {
        return of(PacketType.CLOSE, null, new PacketWriter().bytes(handle).toFields());
    }

    /** The same with another beginning. */
    Ask with(byte[] newHead) {
        return new Ask(type, extension, newHead, tail, tailAt);
    }

    /** The same as an ordinary request that has the same fields. */
    Ask asOrdinary(int ordinaryType) {
        return new Ask(ordinaryType, null, head, tail, tailAt);
    }

    /** About as many bytes as it has. */
    int size() {
        return head.length + tail.length - tailAt;
    }

    byte[] packet(int id) {
        PacketWriter packet = PacketWriter.of(type, id, size());
        if (extension != null) {
            packet.text(extension);
        }
        return packet.rest(head, 0).rest(tail, tailAt).toPacket();
    }
}
