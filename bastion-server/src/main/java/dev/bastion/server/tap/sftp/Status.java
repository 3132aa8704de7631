package dev.bastion.server.tap.sftp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Status codes (draft-ietf-secsh-filexfer-02 section 7): their words in records, and answers. */
final class Status {

    static final int OK = 0;
    static final int EOF = 1;
    static final int PERMISSION_DENIED = 3;
    static final int FAILURE = 4;

    private Status() {}

    /** The word in records, e.g. {@code no-such-file}. */
    static String word(int code) {
        return switch (code) {
            case OK -> "ok";
            case EOF -> "eof";
            case 2 -> "no-such-file";
            case PERMISSION_DENIED -> "permission-denied";
            case FAILURE -> "failure";
            case 5 -> "bad-message";
            case 6 -> "no-connection";
            case 7 -> "connection-lost";
            case 8 -> "op-unsupported";
            default -> "status-" + Integer.toUnsignedString(code);
        };
    }

    /** A whole status packet. */
    static byte[] packet(int id, int code, String sentence) {
        byte[] text = sentence.getBytes(StandardCharsets.UTF_8);
        int length = 1 + 3 * Integer.BYTES + text.length + Integer.BYTES;
        return ByteBuffer.allocate(Integer.BYTES + length)
                .putInt(length)
                .put((byte) PacketType.STATUS)
                .putInt(id)
                .putInt(code)
                .putInt(text.length)
                .put(text)
                .putInt(0)
                .array();
    }
}
