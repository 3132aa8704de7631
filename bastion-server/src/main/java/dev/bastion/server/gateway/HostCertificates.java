package dev.bastion.server.gateway;

import dev.bastion.server.identity.AuthorizedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.server.session.ServerSession;

/**
 * The bastion's certificate authority for host keys: who trusts it knows by one line the keys with
 * which the bastion answers. Each connection gets a certificate of its own, made when its first key
 * exchange begins and kept for those that follow. Immutable; never blocks.
 */
public final class HostCertificates {

    /** How long a certificate is valid; it is looked at when a connection begins. */
    private static final Duration VALIDITY = Duration.ofHours(12);

    /** How far the client's clock may be behind. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final HostKeyFile authority;
    private final List<String> names;
    private final InstantSource clock;
    private final SecureRandom random;

    private HostCertificates(
            HostKeyFile authority, List<String> names, InstantSource clock, SecureRandom random) {
        this.authority = authority;
        this.names = List.copyOf(names);
        this.clock = clock;
        this.random = random;
    }

    /**
     * Reads the authority's key.
     *
     * @param names of the bastion itself, for which it has certificates at the door; may be empty
     * @throws IOException with a sentence when the key is missing or cannot be used
     */
    public static HostCertificates load(Path file, List<String> names, InstantSource clock)
            throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(
                    "hostCertificates is set, and the key "
                            + file
                            + " is missing; put it back, or make a new one with: bastion host-ca");
        }
        return new HostCertificates(HostKeyFile.load(file), names, clock, new SecureRandom());
    }

    /** The public half of the authority's key. */
    public AuthorizedKey publicKey() {
        return authority.publicKey();
    }

    /** The names of the bastion itself. */
    public List<String> names() {
        return names;
    }

    /** At the door: for the bastion's own names, when it has been told them. */
    void installAtDoor(ServerSession session, KeyPair key) {
        if (!names.isEmpty()) {
            install(session, key, "bastion", names);
        }
    }

    /**
     * Lets a connection show a certificate beside its plain key.
     *
     * @param id the certificate's key id
     * @param principals the names that it is for
     */
    void install(ServerSession session, KeyPair key, String id, List<String> principals) {
        List<NamedFactory<Signature>> signatures = new ArrayList<>();
        signatures.add(BuiltinSignatures.ed25519_cert);
        signatures.addAll(session.getSignatureFactories());
        session.setSignatureFactories(signatures);
        // One for all key exchanges: a client ends a connection whose host key changes.
        List<OpenSshCertificate> made = new ArrayList<>();
        session.setHostKeyCertificateProvider(context -> {
            synchronized (made) {
                if (made.isEmpty()) {
                    made.add(certify(key, id, principals));
                }
                return List.copyOf(made);
            }
        });
    }

    private byte[] nonce() {
        byte[] nonce = new byte[32];
        random.nextBytes(nonce);
        return nonce;
    }

    private OpenSshCertificate certify(KeyPair key, String id, List<String> principals)
            throws IOException {
        Instant now = clock.instant();
        try {
            return OpenSshCertificateBuilder.hostCertificate()
                    .publicKey(key.getPublic())
                    .id(id)
                    .serial(random.nextLong() >>> 1)
                    .nonce(nonce())
                    .principals(Set.copyOf(principals))
                    .validAfter(now.minus(SKEW))
                    .validBefore(now.plus(VALIDITY))
                    .sign(authority.pair());
        } catch (Exception e) {
            throw new IOException("no host certificate could be made for " + id, e);
        }
    }
}
