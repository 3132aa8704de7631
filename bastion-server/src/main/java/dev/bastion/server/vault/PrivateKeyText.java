package dev.bastion.server.vault;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private key as an administrator gives it (OpenSSH's format, PEM PKCS#1, SEC 1 or PKCS#8;
 * ed25519, ecdsa, rsa) and writes it without passphrase in OpenSSH's format. Pure.
 */
public final class PrivateKeyText {

    private static final int MIN_RSA_BITS = 2_048;

    private static final Set<String> TYPES =
            Set.of(
                    "ssh-ed25519",
                    "ecdsa-sha2-nistp256",
                    "ecdsa-sha2-nistp384",
                    "ecdsa-sha2-nistp521",
                    "ssh-rsa");

    private static final Pattern ENCRYPTED_PKCS8 =
            Pattern.compile(
                    "-----BEGIN ENCRYPTED PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)"
                            + "-----END ENCRYPTED PRIVATE KEY-----");

    private PrivateKeyText() {}

    /** What became of it. */
    public sealed interface Outcome {

        /**
         * It is read.
         *
         * @param openSsh in OpenSSH's format, not encrypted; the caller closes it
         */
        record Read(Secret openSsh) implements Outcome {}

        /** It is encrypted and no passphrase was given. */
        record NeedsPassphrase() implements Outcome {}

        /**
         * It is of no use.
         *
         * @param reason a sentence without any of it
         */
        record Unreadable(String reason) implements Outcome {}
    }

    /** Reads it; neither argument is closed. */
    public static Outcome read(Secret text, @Nullable Secret passphrase) {
        String key = text.reveal();
        if (!key.contains("PRIVATE KEY-----")) {
            return new Outcome.Unreadable(
                    "that is not a private key: it begins with a line '-----BEGIN … PRIVATE"
                            + " KEY-----'");
        }
        boolean[] asked = {false};
        FilePasswordProvider provider =
                (_, _, _) -> {
                    asked[0] = true;
                    return passphrase == null ? null : passphrase.reveal();
                };
        try {
            Matcher encrypted = ENCRYPTED_PKCS8.matcher(key);
            if (encrypted.find()) {
                asked[0] = true;
                if (passphrase == null) {
                    return new Outcome.NeedsPassphrase();
                }
                key = decrypted(encrypted.group(1), passphrase);
            }
            return write(first(key, provider));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            if (asked[0]) {
                return passphrase == null
                        ? new Outcome.NeedsPassphrase()
                        : new Outcome.Unreadable(
                                "the private key does not open: the passphrase is wrong, or the"
                                        + " key is damaged");
            }
            return new Outcome.Unreadable(
                    "the private key cannot be read: it is damaged, or not ed25519, ecdsa or rsa");
        }
    }

    private static KeyPair first(String key, FilePasswordProvider provider)
            throws GeneralSecurityException, IOException {
        byte[] bytes = (key.strip() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Iterable<KeyPair> pairs =
                    SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("key"),
                            new ByteArrayInputStream(bytes),
                            provider);
            Iterator<KeyPair> found = pairs == null ? null : pairs.iterator();
            if (found == null || !found.hasNext()) {
                throw new GeneralSecurityException("no key");
            }
            return found.next();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Outcome write(KeyPair pair) throws GeneralSecurityException, IOException {
        String type = String.valueOf(KeyUtils.getKeyType(pair));
        if (!TYPES.contains(type)) {
            return new Outcome.Unreadable(
                    "a private key of type " + type + " is not supported: use ed25519, ecdsa, rsa");
        }
        if (pair.getPublic() instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            return new Outcome.Unreadable(
                    "the RSA key has "
                            + rsa.getModulus().bitLength()
                            + " bits: use at least "
                            + MIN_RSA_BITS);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "", null, out);
        return new Outcome.Read(Secret.owning(out.toByteArray()));
    }

    /** PKCS#8 with PBES2, RFC 5958 section 3, as unencrypted PEM. */
    private static String decrypted(String base64, Secret passphrase)
            throws GeneralSecurityException, IOException {
        EncryptedPrivateKeyInfo info =
                new EncryptedPrivateKeyInfo(Base64.getMimeDecoder().decode(base64));
        AlgorithmParameters parameters = info.getAlgParameters();
        // For PBES2 the name of the scheme is only in the text of its parameters.
        String algorithm =
                parameters == null ? info.getAlgName() : String.valueOf(parameters.toString());
        PBEKeySpec password = new PBEKeySpec(passphrase.reveal().toCharArray());
        try {
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(password),
                    parameters);
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(info.getKeySpec(cipher).getEncoded())
                    + "\n-----END PRIVATE KEY-----";
        } finally {
            password.clearPassword();
        }
    }
}
