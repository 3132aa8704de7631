package dev.bastion.server.backend;

import static org.apache.sshd.common.kex.BuiltinDHFactories.curve25519;
import static org.apache.sshd.common.kex.BuiltinDHFactories.curve25519_libssh;
import static org.apache.sshd.common.kex.BuiltinDHFactories.dhg14;
import static org.apache.sshd.common.kex.BuiltinDHFactories.dhg14_256;
import static org.apache.sshd.common.kex.BuiltinDHFactories.dhg16_512;
import static org.apache.sshd.common.kex.BuiltinDHFactories.dhg18_512;
import static org.apache.sshd.common.kex.BuiltinDHFactories.dhgex256;
import static org.apache.sshd.common.kex.BuiltinDHFactories.ecdhp256;
import static org.apache.sshd.common.kex.BuiltinDHFactories.ecdhp384;
import static org.apache.sshd.common.kex.BuiltinDHFactories.ecdhp521;
import static org.apache.sshd.common.kex.BuiltinDHFactories.mlkem768x25519;
import static org.apache.sshd.common.kex.BuiltinDHFactories.sntrup761x25519;
import static org.apache.sshd.common.kex.BuiltinDHFactories.sntrup761x25519_openssh;

import dev.bastion.server.transport.cipher.FastCiphers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/**
 * What the bastion speaks toward hosts, most wanted first: it is the client, and the client's order
 * decides. Key exchange with sntrup761 stands behind curve25519 because it costs 60 ms of this
 * machine for each connection. Immutable.
 *
 * @param signatures by host keys and by stored keys
 */
record HostAlgorithms(
        List<BuiltinDHFactories> keyExchanges,
        List<BuiltinCiphers> ciphers,
        List<BuiltinMacs> macs,
        List<BuiltinSignatures> signatures) {

    /** Key types in the order that a scan asks for them. */
    static final List<String> KEY_TYPES =
            List.of(
                    "ssh-ed25519",
                    "ecdsa-sha2-nistp256",
                    "ecdsa-sha2-nistp384",
                    "ecdsa-sha2-nistp521",
                    "ssh-rsa");

    private static final HostAlgorithms USUAL =
            new HostAlgorithms(
                    List.of(
                            mlkem768x25519,
                            curve25519,
                            curve25519_libssh,
                            sntrup761x25519,
                            sntrup761x25519_openssh,
                            ecdhp256,
                            ecdhp384,
                            ecdhp521,
                            dhg16_512,
                            dhg18_512,
                            dhgex256,
                            dhg14_256),
                    List.of(
                            BuiltinCiphers.aes128gcm,
                            BuiltinCiphers.aes256gcm,
                            BuiltinCiphers.cc20p1305_openssh,
                            BuiltinCiphers.aes128ctr,
                            BuiltinCiphers.aes192ctr,
                            BuiltinCiphers.aes256ctr),
                    List.of(
                            BuiltinMacs.hmacsha256etm,
                            BuiltinMacs.hmacsha512etm,
                            BuiltinMacs.hmacsha256,
                            BuiltinMacs.hmacsha512),
                    List.of(
                            BuiltinSignatures.ed25519,
                            BuiltinSignatures.nistp256,
                            BuiltinSignatures.nistp384,
                            BuiltinSignatures.nistp521,
                            BuiltinSignatures.rsaSHA512,
                            BuiltinSignatures.rsaSHA256));

    /** What is broken comes last, so that a host that knows better is spoken to better. */
    @SuppressWarnings("deprecation")
    private static final HostAlgorithms WITH_LEGACY =
            new HostAlgorithms(
                    and(USUAL.keyExchanges, List.of(dhg14)),
                    and(
                            USUAL.ciphers,
                            List.of(
                                    BuiltinCiphers.aes128cbc,
                                    BuiltinCiphers.aes192cbc,
                                    BuiltinCiphers.aes256cbc)),
                    and(USUAL.macs, List.of(BuiltinMacs.hmacsha1etm, BuiltinMacs.hmacsha1)),
                    and(USUAL.signatures, List.of(BuiltinSignatures.rsa)));

    /** Which signatures belong to a key type that is not one itself; RFC 8332 section 3. */
    private static final Map<String, List<String>> SIGNATURES =
            Map.of("ssh-rsa", List.of("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"));

    private static <T> List<T> and(List<T> usual, List<T> more) {
        return Stream.concat(usual.stream(), more.stream()).toList();
    }

    /**
     * Those for a host.
     *
     * @param legacy with SHA-1 and CBC, which an administrator allowed for this host
     */
    static HostAlgorithms of(boolean legacy) {
        return legacy ? WITH_LEGACY : USUAL;
    }

    /**
     * Sets up a connection that was not begun yet.
     *
     * @param keyTypes of host keys that may be shown; empty for all
     */
    void applyTo(ClientSession session, List<String> keyTypes) {
        List<String> wanted =
                keyTypes.stream()
                        .flatMap(type -> SIGNATURES.getOrDefault(type, List.of(type)).stream())
                        .toList();
        session.setKeyExchangeFactories(
                NamedFactory.setUpTransformedFactories(false, keyExchanges, ClientBuilder.DH2KEX));
        session.setCipherFactories(FastCiphers.of(ciphers));
        session.setMacFactories(List.copyOf(macs));
        session.setSignatureFactories(
                signatures.stream()
                        .filter(one -> keyTypes.isEmpty() || wanted.contains(one.getName()))
                        .<NamedFactory<Signature>>map(one -> one)
                        .toList());
    }

    /** Logs in with stored keys of every type, whichever types of host keys may be shown. */
    static UserAuthFactory storedKeys() {
        return new UserAuthPublicKeyFactory() {
            @Override
            public UserAuthPublicKey createUserAuth(ClientSession session) {
                PinnedHostKeys pins = PinnedHostKeys.of(session);
                return new UserAuthPublicKey(
                        List.copyOf(of(pins != null && pins.legacy()).signatures));
            }
        };
    }
}
