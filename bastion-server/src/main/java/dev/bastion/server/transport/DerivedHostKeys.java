package dev.bastion.server.transport;

import dev.bastion.server.identity.AuthorizedKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * The host keys with which the bastion answers for hosts: an ed25519 key for each name, made of one
 * secret, so that none has to be stored and each stays what it was. Immutable; never blocks.
 */
public final class DerivedHostKeys {

    /** What comes before the 32 bytes of an ed25519 private key in PKCS#8, RFC 8410 section 7. */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private static final String MAC = "HmacSHA256";

    private final SecretKeySpec secret;

    /**
     * @param secret at least 32 bytes that nobody can guess
     */
    public DerivedHostKeys(byte[] secret) {
        this.secret = new SecretKeySpec(secret, MAC);
    }

    /** The key that stands for a host; takes about a tenth of a millisecond. */
    public KeyPair of(String host) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(secret);
            byte[] seed = mac.doFinal(host.getBytes(StandardCharsets.UTF_8));
            byte[] key = Arrays.copyOf(PKCS8, PKCS8.length + seed.length);
            System.arraycopy(seed, 0, key, PKCS8.length, seed.length);
            String text =
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getEncoder().encodeToString(key)
                            + "\n-----END PRIVATE KEY-----\n";
            return SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("the host key that stands for " + host),
                            new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)),
                            FilePasswordProvider.EMPTY)
                    .iterator()
                    .next();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no host key can be made for " + host, e);
        }
    }

    /** The public half, for known_hosts. */
    public AuthorizedKey publicKeyOf(String host) {
        return PublicKeyText.of(of(host).getPublic());
    }
}
