package dev.bastion.server.gateway;

import dev.bastion.server.transport.cipher.FastCiphers;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;

/**
 * What the bastion speaks with operators: nothing with SHA-1, CBC or a key exchange below 128 bits.
 * The client's order decides; ours is what a client without one sees. MINA adds strict key exchange
 * of its own accord. Counter mode with an encrypt-then-MAC is for clients without an AEAD cipher.
 */
final class OperatorAlgorithms {

    private static final List<BuiltinDHFactories> KEY_EXCHANGES =
            List.of(
                    BuiltinDHFactories.mlkem768x25519,
                    BuiltinDHFactories.sntrup761x25519,
                    BuiltinDHFactories.sntrup761x25519_openssh,
                    BuiltinDHFactories.curve25519,
                    BuiltinDHFactories.curve25519_libssh);

    private static final List<BuiltinCiphers> CIPHERS =
            List.of(
                    BuiltinCiphers.aes128gcm,
                    BuiltinCiphers.aes256gcm,
                    BuiltinCiphers.cc20p1305_openssh,
                    BuiltinCiphers.aes128ctr,
                    BuiltinCiphers.aes192ctr,
                    BuiltinCiphers.aes256ctr);

    private static final List<BuiltinMacs> MACS =
            List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm);

    private static final List<BuiltinMacs> ENCRYPT_AND_MAC =
            List.of(BuiltinMacs.hmacsha256, BuiltinMacs.hmacsha512);

    /** Of operators' keys. For the bastion's own, those that its host keys can make. */
    private static final List<BuiltinSignatures> SIGNATURES =
            List.of(
                    BuiltinSignatures.ed25519,
                    BuiltinSignatures.sk_ssh_ed25519,
                    BuiltinSignatures.nistp256,
                    BuiltinSignatures.nistp384,
                    BuiltinSignatures.nistp521,
                    BuiltinSignatures.sk_ecdsa_sha2_nistp256,
                    BuiltinSignatures.rsaSHA512,
                    BuiltinSignatures.rsaSHA256);

    private OperatorAlgorithms() {}

    /** With which operators may prove their keys; no certificates. */
    static List<NamedFactory<Signature>> ofUserKeys() {
        return List.copyOf(SIGNATURES);
    }

    /**
     * @param encryptAndMac whether clients of libssh2 before 1.11 are served too
     */
    static void installIn(SshServer server, boolean encryptAndMac) {
        server.setKeyExchangeFactories(
                NamedFactory.setUpTransformedFactories(false, KEY_EXCHANGES, ServerBuilder.DH2KEX));
        server.setCipherFactories(FastCiphers.of(CIPHERS));
        List<NamedFactory<Mac>> macs = new ArrayList<>(MACS);
        if (encryptAndMac) {
            macs.addAll(ENCRYPT_AND_MAC);
        }
        server.setMacFactories(macs);
        server.setSignatureFactories(List.copyOf(SIGNATURES));
        // Compression only after logging in.
        server.setCompressionFactories(
                List.of(BuiltinCompressions.none, BuiltinCompressions.delayedZlib));
    }
}
