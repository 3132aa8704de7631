package dev.bastion.server.tap;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keystrokes that were not shown, as the ledger may hold them: encrypted (AES-256-GCM, a nonce of
 * their own) under a random key that is only in memory. {@link #forget} destroys it, and then
 * nothing opens them. Their length says only which power of two they fit in. Confined to its tap's
 * lock.
 */
final class SealedKeys {

    /** Bytes of a line that are sealed; what is typed behind them is left out. */
    static final int LIMIT_BYTES = 4096;

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int LEAST_BYTES = 32;

    private final SecureRandom random;
    private byte @Nullable [] key;

    SealedKeys(SecureRandom random) {
        this.random = random;
    }

    /** The nonce, then what it encrypts, as base64. */
    String seal(byte[] typed, int length) {
        int kept = Math.min(length, LIMIT_BYTES);
        int padded = Math.max(LEAST_BYTES, Integer.highestOneBit(kept + Integer.BYTES) * 2);
        byte[] plain = ByteBuffer.allocate(padded).putInt(kept).put(typed, 0, kept).array();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key(), "AES"),
                    new GCMParameterSpec(TAG_BITS, nonce));
            byte[] sealed = cipher.doFinal(plain);
            return Base64.getEncoder()
                    .encodeToString(
                            ByteBuffer.allocate(nonce.length + sealed.length)
                                    .put(nonce)
                                    .put(sealed)
                                    .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private byte[] key() {
        byte[] current = key;
        if (current == null) {
            current = new byte[KEY_BYTES];
            random.nextBytes(current);
            key = current;
        }
        return current;
    }

    /** What was sealed until now cannot be opened any more. */
    void forget() {
        byte[] current = key;
        if (current != null) {
            Arrays.fill(current, (byte) 0);
            key = null;
        }
    }
}
