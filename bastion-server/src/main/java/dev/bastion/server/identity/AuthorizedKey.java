package dev.bastion.server.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A public key, as a line of OpenSSH's {@code authorized_keys} names it (sshd(8), AUTHORIZED_KEYS
 * FILE FORMAT, without options).
 *
 * @param type e.g. {@code ssh-ed25519}
 * @param base64 the key blob of RFC 4253 section 6.6
 * @param comment free text, may be empty
 */
public record AuthorizedKey(String type, String base64, String comment) {

    /** As {@code ssh-keygen -l} prints it: {@code SHA256:} and unpadded base64. */
    public String fingerprint() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(base64));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a line of a {@code .pub} file.
     *
     * @throws InvalidValueException with a sentence when it is not a public key of a supported kind
     */
    public static AuthorizedKey parse(String line) {
        return AuthorizedKeyLine.parse(line);
    }

    /** The same key, whatever the comments say. */
    public boolean sameKey(AuthorizedKey other) {
        return type.equals(other.type) && base64.equals(other.base64);
    }
}
