package dev.bastion.server.vault;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Seals secrets with AES-256-GCM, each bound to the row that it is stored in: a sealed value that
 * is moved to another row does not open there.
 *
 * <p>Layout: one byte of version (1), 12 bytes of random nonce, the ciphertext with its 16 bytes of
 * tag. Each purpose has a key of its own, derived from the master key by HKDF-SHA256 (RFC 5869).
 * Thread-safe.
 */
public final class Vault {

    /** Of a secret, in bytes. */
    public static final int MAX_SECRET_BYTES = 60_000;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final MasterKey master;
    private final SecureRandom random = new SecureRandom();

    public Vault(MasterKey master) {
        this.master = master;
    }

    /** Where a sealed value is stored, and what for. */
    public record Place(String table, String host, String login, String purpose) {

        /** A credential of an account, in its table. */
        public static Place account(String host, String login, SealedCredential.Kind kind) {
            return new Place("bastion.account", host, login, "credential-" + kind.word());
        }

        private byte[] associatedData() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream data = new DataOutputStream(bytes)) {
                data.writeByte(VERSION);
                for (String part : new String[] {table, host, login, purpose}) {
                    byte[] text = part.getBytes(StandardCharsets.UTF_8);
                    data.writeInt(text.length);
                    data.write(text);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }

    /** Seals a secret for its place; the secret stays open. */
    public byte[] seal(Place place, Secret secret) {
        byte[] plain = secret.copyBytes();
        try {
            if (plain.length > MAX_SECRET_BYTES) {
                throw new VaultException(
                        "the secret is longer than " + MAX_SECRET_BYTES + " bytes");
            }
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, place, nonce).doFinal(plain);
            byte[] result = new byte[1 + NONCE_BYTES + sealed.length];
            result[0] = VERSION;
            System.arraycopy(nonce, 0, result, 1, NONCE_BYTES);
            System.arraycopy(sealed, 0, result, 1 + NONCE_BYTES, sealed.length);
            return result;
        } catch (GeneralSecurityException e) {
            throw new VaultException("the secret cannot be sealed", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /**
     * Opens what was sealed for this place; the caller closes the secret.
     *
     * @throws VaultException when it was sealed for another place, under another key, or is altered
     */
    public Secret open(Place place, byte[] sealed) {
        if (sealed.length < 1 + NONCE_BYTES + TAG_BITS / Byte.SIZE || sealed[0] != VERSION) {
            throw new VaultException(wrong(place));
        }
        try {
            byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
            return Secret.owning(
                    cipher(Cipher.DECRYPT_MODE, place, nonce)
                            .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES));
        } catch (GeneralSecurityException e) {
            throw new VaultException(wrong(place), e);
        }
    }

    private static String wrong(Place place) {
        return "the stored credential of "
                + place.login()
                + "@"
                + place.host()
                + " does not open: it was altered, moved, or sealed under another master key";
    }

    private Cipher cipher(int mode, Place place, byte[] nonce) throws GeneralSecurityException {
        byte[] info = ("bastion " + place.purpose()).getBytes(StandardCharsets.UTF_8);
        SecretKey key =
                KDF.getInstance("HKDF-SHA256")
                        .deriveKey(
                                "AES",
                                HKDFParameterSpec.ofExtract()
                                        .addIKM(master.key())
                                        .thenExpand(info, KEY_BYTES));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.associatedData());
        return cipher;
    }
}
