package dev.bastion.server.transport;

import dev.bastion.server.identity.AuthorizedKey;
import java.security.PublicKey;
import java.util.Base64;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** A public key of the JDK's kind as the text that is stored. */
public final class PublicKeyText {

    private PublicKeyText() {}

    public static AuthorizedKey of(PublicKey key) {
        ByteArrayBuffer blob = new ByteArrayBuffer();
        blob.putRawPublicKey(key);
        return new AuthorizedKey(
                KeyUtils.getKeyType(key),
                Base64.getEncoder().encodeToString(blob.getCompactData()),
                "");
    }
}
