package dev.bastion.server.identity;

import com.password4j.Argon2Function;
import com.password4j.HashChecker;
import com.password4j.Password;
import com.password4j.types.Argon2;
import dev.bastion.server.vault.Secret;

/**
 * Passwords as they are kept: argon2id (RFC 9106) in PHC form. Each call takes tens of milliseconds
 * of processor time and {@value #MEMORY_KIB} KiB, so never on an event loop.
 */
public final class PasswordHash {

    /** Memory, as OWASP's Password Storage Cheat Sheet sets it for two passes. */
    public static final int MEMORY_KIB = 19_456;

    /** Passes over the memory. */
    public static final int PASSES = 2;

    /** Bytes. Longer passwords are refused, so that hashing one has a bound. */
    public static final int MAX_PASSWORD_BYTES = 1_024;

    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /** The hash of nothing that anybody knows: costs as much to check as a real one. */
    static final String DUMMY =
            "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw"
                    + "$dGhpcyBpcyBub3QgdGhlIGhhc2ggb2YgYSBwYXNzd28";

    private PasswordHash() {}

    /**
     * Hashes with a fresh salt.
     *
     * @throws InvalidValueException when the password is empty or too long
     */
    public static String of(Secret password) {
        byte[] bytes = password.copyBytes();
        if (bytes.length == 0) {
            throw new InvalidValueException("the password is empty");
        }
        if (bytes.length > MAX_PASSWORD_BYTES) {
            throw new InvalidValueException(
                    "the password is longer than " + MAX_PASSWORD_BYTES + " bytes");
        }
        Argon2Function argon2 =
                Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID);
        return Password.hash(bytes).addRandomSalt(SALT_BYTES).with(argon2).getResult();
    }

    /** Whether the password has this hash; false for a hash that cannot be read. */
    static boolean matches(Secret password, String hash) {
        byte[] bytes = password.copyBytes();
        boolean usable = bytes.length > 0 && bytes.length <= MAX_PASSWORD_BYTES;
        if (!usable) {
            // Never right, and yet as costly as any other.
            bytes = new byte[] {0};
        }
        HashChecker checker =
                Password.check(bytes, hash.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        try {
            return checker.with(Argon2Function.getInstanceFromHash(hash)) && usable;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
