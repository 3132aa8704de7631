package dev.bastion.server.identity;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/** Reads one line of a {@code .pub} file, with the key blob of RFC 4253 section 6.6. */
final class AuthorizedKeyLine {

    /** Characters; an RSA key of 16,384 bits has fewer. */
    private static final int MAX_LINE = 8_192;

    private static final int MAX_COMMENT = 256;
    private static final int MAX_BASE64 = 4_096;
    private static final int MIN_RSA_BITS = 2_048;
    private static final int ED25519_BYTES = 32;

    private static final Set<String> TYPES =
            Set.of(
                    "ssh-ed25519",
                    "ecdsa-sha2-nistp256",
                    "ecdsa-sha2-nistp384",
                    "ecdsa-sha2-nistp521",
                    "ssh-rsa",
                    "sk-ssh-ed25519@openssh.com",
                    "sk-ecdsa-sha2-nistp256@openssh.com");

    private AuthorizedKeyLine() {}

    static AuthorizedKey parse(String line) {
        String text = line.strip();
        if (text.contains("PRIVATE KEY")) {
            throw new InvalidValueException(
                    "that is a private key: give the public one, the line in the .pub file");
        }
        if (text.length() > MAX_LINE || text.indexOf('\n') >= 0) {
            throw new InvalidValueException("a public key is one line, as in a .pub file");
        }
        String[] parts = text.split("[ \\t]+", 3);
        if (parts.length < 2 || !TYPES.contains(parts[0])) {
            throw new InvalidValueException(
                    "that is not a public key: give a line like 'ssh-ed25519 AAAA… comment', of"
                            + " type ed25519, ecdsa or rsa, without options before it");
        }
        checkBlob(parts[0], parts[1]);
        String comment = parts.length == 3 ? parts[2].strip() : "";
        return new AuthorizedKey(
                parts[0],
                parts[1],
                comment.length() > MAX_COMMENT ? comment.substring(0, MAX_COMMENT) : comment);
    }

    private static void checkBlob(String type, String base64) {
        boolean whole;
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            // One key has one spelling, or equal keys would not be found equal.
            whole =
                    base64.length() <= MAX_BASE64
                            && Base64.getEncoder().encodeToString(bytes).equals(base64)
                            && fits(type, ByteBuffer.wrap(bytes));
        } catch (IllegalArgumentException e) {
            whole = false;
        }
        if (!whole) {
            throw new InvalidValueException(
                    "the " + type + " key is damaged: copy the whole line of the .pub file");
        }
    }

    private static boolean fits(String type, ByteBuffer blob) {
        byte[] name = next(blob);
        if (!new String(name, StandardCharsets.US_ASCII).equals(type)) {
            return false;
        }
        byte[] first = next(blob);
        return switch (type) {
            case "ssh-ed25519" -> first.length == ED25519_BYTES && !blob.hasRemaining();
            case "ssh-rsa" -> isLongEnough(next(blob)) && !blob.hasRemaining();
            default -> first.length > 0 && next(blob).length > 0;
        };
    }

    private static boolean isLongEnough(byte[] modulus) {
        if (modulus.length == 0) {
            return false;
        }
        int bits = new BigInteger(modulus).bitLength();
        if (bits < MIN_RSA_BITS) {
            throw new InvalidValueException(
                    "the RSA key has " + bits + " bits: use at least " + MIN_RSA_BITS);
        }
        return true;
    }

    private static byte[] next(ByteBuffer blob) {
        if (blob.remaining() < Integer.BYTES) {
            return new byte[0];
        }
        int length = blob.getInt();
        if (length < 0 || length > blob.remaining()) {
            return new byte[0];
        }
        byte[] bytes = new byte[length];
        blob.get(bytes);
        return bytes;
    }
}
