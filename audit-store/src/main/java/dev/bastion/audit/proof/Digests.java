package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, and the bytes of a text. */
final class Digests {

    private static final int READ_BYTES = 256 << 10;

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }

    static byte[] sha256(byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** Of a whole file, in hexadecimal. */
    static String sha256(FileSlice file) throws IOException {
        MessageDigest digest = sha256();
        byte[] bytes = new byte[READ_BYTES];
        long at = 0;
        for (int read = file.read(ByteBuffer.wrap(bytes), at);
                read > 0;
                read = file.read(ByteBuffer.wrap(bytes), at)) {
            digest.update(bytes, 0, read);
            at += read;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
