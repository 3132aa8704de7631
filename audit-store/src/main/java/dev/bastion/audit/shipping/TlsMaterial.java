package dev.bastion.audit.shipping;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificates and the key of a connection, read from their files. Whatever of it cannot be
 * used is an {@link IllegalArgumentException} whose message names the file.
 */
public final class TlsMaterial {

    /** Where Debian and Red Hat keep the authorities that the machine trusts. */
    private static final List<Path> SYSTEM_AUTHORITIES =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"));

    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA");
    private static final char[] NO_PASSWORD = {};

    private TlsMaterial() {}

    /** Reads all of it; every connection does, so that a renewed certificate is used. */
    public static SSLContext context(ShipTo.Tls tls) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(ours(tls), trusted(tls).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static TrustManagerFactory trusted(ShipTo.Tls tls)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        Path file = tls.authorities();
        if (file == null) {
            file = SYSTEM_AUTHORITIES.stream().filter(Files::isReadable).findFirst().orElse(null);
        }
        factory.init(file == null ? null : authorities(file));
        return factory;
    }

    private static KeyStore authorities(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        int number = 0;
        for (Certificate authority : certificates(file)) {
            store.setCertificateEntry("authority-" + number++, authority);
        }
        return store;
    }

    private static KeyManager @Nullable [] ours(ShipTo.Tls tls)
            throws GeneralSecurityException, IOException {
        Path certificate = tls.certificate();
        Path key = tls.key();
        if (certificate == null || key == null) {
            return null;
        }
        List<X509Certificate> chain = certificates(certificate);
        PrivateKey secret = key(key);
        if (!belongTogether(secret, chain.getFirst().getPublicKey())) {
            throw new IllegalArgumentException(
                    "the key in " + key + " is not that of the certificate in " + certificate);
        }
        KeyStore store = empty();
        store.setKeyEntry("ours", secret, NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> found = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            var bytes = new ByteArrayInputStream(read(file));
            for (Certificate each : factory.generateCertificates(bytes)) {
                found.add((X509Certificate) each);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the file " + file + " holds no certificates", e);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the file " + file + " holds no certificates");
        }
        return found;
    }

    private static PrivateKey key(Path file) {
        Matcher form = KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
        if (form.find()) {
            var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(form.group(1)));
            for (String kind : KEY_KINDS) {
                PrivateKey key = key(kind, spec);
                if (key != null) {
                    return key;
                }
            }
        }
        throw new IllegalArgumentException(
                "the file "
                        + file
                        + " holds no private key in PKCS #8 without a passphrase"
                        + " (BEGIN PRIVATE KEY)");
    }

    private static @Nullable PrivateKey key(String kind, PKCS8EncodedKeySpec spec) {
        try {
            return KeyFactory.getInstance(kind).generatePrivate(spec);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        try {
            byte[] text = "bastion".getBytes(StandardCharsets.US_ASCII);
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(text);
            byte[] signature = signing.sign();
            signing.initVerify(certified);
            signing.update(text);
            return signing.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + file + " cannot be read", e);
        }
    }
}
