package dev.bastion.audit.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A public key that checks signatures of notes: Ed25519 with a name, as the text {@code
 * NAME+ID+BASE64} of C2SP's signed-note (https://c2sp.org/signed-note, "verifier keys"). Immutable.
 */
public final class VerifierKey {

    static final int KEY_BYTES = 32;

    private static final byte ED25519 = 1;
    private static final Pattern FORM =
            Pattern.compile("([^\\s+]{1,200})\\+([0-9a-f]{8})\\+([A-Za-z0-9+/]{44})");

    /** What stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] bytes;
    private final PublicKey key;

    private VerifierKey(String name, byte[] bytes, PublicKey key) {
        this.name = name;
        this.bytes = bytes;
        this.key = key;
    }

    /**
     * A key of these 32 bytes.
     *
     * @throws IllegalArgumentException when they are none
     */
    static VerifierKey of(String name, byte[] bytes) {
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
        System.arraycopy(bytes, 0, encoded, X509_PREFIX.length, KEY_BYTES);
        try {
            PublicKey key =
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(encoded));
            return new VerifierKey(name, bytes.clone(), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key is no Ed25519 public key", e);
        }
    }

    static VerifierKey of(String name, PublicKey key) {
        byte[] encoded = key.getEncoded();
        return of(name, Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length));
    }

    /**
     * Reads the text of a key.
     *
     * @throws IllegalArgumentException with a sentence when it is none
     */
    public static VerifierKey parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            byte[] typed = Base64.getDecoder().decode(form.group(3));
            if (typed.length == KEY_BYTES + 1 && typed[0] == ED25519) {
                VerifierKey key = of(form.group(1), Arrays.copyOfRange(typed, 1, typed.length));
                if (key.id().equals(form.group(2))) {
                    return key;
                }
            }
        }
        throw new IllegalArgumentException("this is no public key of a ledger (NAME+ID+BASE64)");
    }

    /**
     * Reads a file of one line.
     *
     * @throws IOException with a sentence when it cannot be read or holds no key
     */
    public static VerifierKey load(Path file) throws IOException {
        try {
            return parse(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("the public key " + file + " cannot be read", e);
        }
    }

    public String name() {
        return name;
    }

    /** The first four bytes of SHA-256(name, LF, 1, key), in hexadecimal. */
    public String id() {
        return HexFormat.of()
                .formatHex(Digests.sha256(Digests.utf8(name + "\n"), new byte[] {ED25519}, bytes))
                .substring(0, 8);
    }

    /** Whether this key has signed the note's text. */
    boolean signed(SignedNote note) {
        String id = id();
        for (SignedNote.Mark mark : note.signatures()) {
            if (mark.name().equals(name) && mark.keyId().equals(id)) {
                return verifies(Digests.utf8(note.text()), mark.signature());
            }
        }
        return false;
    }

    private boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(text);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerifierKey key
                && name.equals(key.name)
                && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, Arrays.hashCode(bytes));
    }

    /** Its text. */
    @Override
    public String toString() {
        byte[] typed = new byte[KEY_BYTES + 1];
        typed[0] = ED25519;
        System.arraycopy(bytes, 0, typed, 1, KEY_BYTES);
        return name + "+" + id() + "+" + Base64.getEncoder().encodeToString(typed);
    }
}
