package dev.bastion.audit.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The key of one file, derived from a recording key by HKDF-SHA256 (RFC 5869), and the header that
 * every frame of it is bound to. Immutable; nobody changes the array.
 */
record FileKey(SecretKey key, byte[] header) {

    private static final byte[] INFO = "bastion recording 1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    static FileKey of(RecordingKey hangsOn, byte[] identity, byte[] header) {
        try {
            SecretKey key =
                    KDF.getInstance("HKDF-SHA256")
                            .deriveKey(
                                    "AES",
                                    HKDFParameterSpec.ofExtract()
                                            .addIKM(hangsOn.key())
                                            .addSalt(identity)
                                            .thenExpand(INFO, KEY_BYTES));
            return new FileKey(key, header);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF", e);
        }
    }

    static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    /** Makes the cipher ready for one frame; a number is used for one content only. */
    void begin(Cipher cipher, int mode, long number, byte[] frameHeader)
            throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(number).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(frameHeader, 0, FrameHeader.CHECKED_BYTES);
    }

    @Override
    public String toString() {
        return "<secret>";
    }
}
