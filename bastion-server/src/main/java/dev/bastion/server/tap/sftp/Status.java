package dev.bastion.server.tap.sftp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Status codes (draft-ietf-secsh-filexfer-02 section 7): their words in records, and answers. */
public final class Status {

    public static final int OK = 0;
    public static final int EOF = 1;
    public static final int NO_SUCH_FILE = 2;
    public static final int PERMISSION_DENIED = 3;
    public static final int FAILURE = 4;
    public static final int OP_UNSUPPORTED = 8;

    private Status() {}

    /** The word in records, e.g. {@code no-such-file}. */
    public static String word(int code) {
        return switch (code) {
            case OK -> "ok";
            case EOF -> "eof";
            case NO_SUCH_FILE -> "no-such-file";
            case PERMISSION_DENIED -> "permission-denied";
            case FAILURE -> "failure";
            case 5 -> "bad-message";
            case 6 -> "no-connection";
            case 7 -> "connection-lost";
            case OP_UNSUPPORTED -> "op-unsupported";
            default -> "status-" + Integer.toUnsignedString(code);
        };
    }

    /** A whole status packet. */
    public static byte[] packet(int id, int code, String sentence) {
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
