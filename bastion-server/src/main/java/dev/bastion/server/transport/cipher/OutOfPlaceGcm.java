package dev.bastion.server.transport.cipher;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.cipher.BaseGCMCipher;
import org.apache.sshd.common.cipher.CipherInformation;

/**
 * AES-GCM of RFC 5647, as OpenSSH's {@code aes*-gcm@openssh.com}. The JDK's provider joins
 * decryption and authentication in one pass only if it writes to another array than it reads from;
 * so a packet is decrypted to a second array and copied back. Encryption is one pass anyway.
 *
 * <p>Always the JDK's own provider: Bouncy Castle, which is there for key exchange, is some fifty
 * times slower. Confined to one direction of one connection, under MINA's lock of it.
 */
final class OutOfPlaceGcm extends BaseGCMCipher {

    private static final String PROVIDER = "SunJCE";

    /** Bytes up to which a second array gains nothing. */
    private static final int SMALL = 1024;

    private static final byte[] NONE = {};

    private final int tagBytes = getAuthenticationTagSize();

    /** Let go with the next small packet, so that a connection at rest holds none. */
    private byte[] second = NONE;

    private Nonce nonce = new Nonce(0, new byte[12]);

    OutOfPlaceGcm(CipherInformation like) {
        super(
                like.getIVSize(),
                like.getAuthenticationTagSize(),
                like.getKdfSize(),
                like.getAlgorithm(),
                like.getKeySize(),
                like.getTransformation(),
                like.getCipherBlockSize());
    }

    @Override
    protected Cipher createCipherInstance(Mode direction, byte[] key, byte[] iv)
            throws GeneralSecurityException {
        mode = direction;
        secretKey = new SecretKeySpec(key, getAlgorithm());
        nonce = new Nonce(getAuthenticationTagSize() * Byte.SIZE, iv);
        parameters = nonce;
        return Cipher.getInstance(getTransformation(), PROVIDER);
    }

    @Override
    public void update(byte[] packet, int offset, int length) throws Exception {
        Cipher cipher = getInitializedCipherInstance();
        if (mode == Mode.Encrypt) {
            cipher.doFinal(packet, offset, length, packet, offset);
        } else if (length <= SMALL) {
            second = NONE;
            cipher.doFinal(packet, offset, length + tagBytes, packet, offset);
        } else {
            if (second.length < length) {
                second = new byte[length];
            }
            cipher.doFinal(packet, offset, length + tagBytes, second, 0);
            System.arraycopy(second, 0, packet, offset, length);
        }
        nonce.next();
        initialized = false;
    }

    /** MINA's counter of packets, which it lets only a subclass advance. */
    private static final class Nonce extends CounterGCMParameterSpec {

        Nonce(int tagBits, byte[] iv) {
            super(tagBits, iv);
        }

        void next() {
            incrementCounter();
        }
    }
}
