package dev.bastion.server.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Arrays;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.junit.jupiter.api.Test;

/** The keys are told apart by name and by secret, and stay what they are. */
final class DerivedHostKeysTest {

    private static final byte[] SECRET = new byte[32];

    private final DerivedHostKeys keys = new DerivedHostKeys(SECRET);

    /** A key that changed with a release would be an alarm at every user's client. */
    @Test
    void aNameHasTheSameKeyInEveryRelease() {
        assertThat(keys.publicKeyOf("web1").type()).isEqualTo("ssh-ed25519");
        assertThat(keys.publicKeyOf("web1").fingerprint())
                .isEqualTo("SHA256:jqQbKogZKG27W1rk4+LCYtC8VMQH9Bm26Tu+XAvA2q4");
    }

    @Test
    void differsByNameAndBySecret() {
        byte[] other = SECRET.clone();
        Arrays.fill(other, (byte) 1);

        assertThat(keys.publicKeyOf("web2")).isNotEqualTo(keys.publicKeyOf("web1"));
        assertThat(new DerivedHostKeys(other).publicKeyOf("web1"))
                .isNotEqualTo(keys.publicKeyOf("web1"));
    }

    @Test
    void signs() throws Exception {
        KeyPair pair = keys.of("web1");
        byte[] text = "exchange hash".getBytes(UTF_8);
        Signature signer = BuiltinSignatures.ed25519.create();
        signer.initSigner(null, pair.getPrivate());
        signer.update(null, text);
        byte[] signature = signer.sign(null);
        Signature verifier = BuiltinSignatures.ed25519.create();
        verifier.initVerifier(null, pair.getPublic());
        verifier.update(null, text);

        assertThat(verifier.verify(null, signature)).isTrue();
    }
}
