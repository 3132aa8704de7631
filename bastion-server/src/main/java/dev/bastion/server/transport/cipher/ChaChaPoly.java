package dev.bastion.server.transport.cipher;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.cipher.Cipher;

/**
 * OpenSSH's {@code chacha20-poly1305@openssh.com} (its file PROTOCOL.chacha20poly1305) with the
 * JDK's ChaCha20 and our {@link Poly1305}. Of 64 bytes of key the first half is for the packet and
 * the second for its length field; the nonce is the packet's sequence number; block 0 of the
 * packet's key stream is the authenticator's key.
 *
 * <p>A packet is decrypted only after its tag was found right. Confined to one direction of one
 * connection, under MINA's lock of it.
 */
final class ChaChaPoly implements Cipher {

    private static final String ALGORITHM = "ChaCha20";
    private static final String PROVIDER = "SunJCE";
    private static final int HALF_KEY_BYTES = 32;
    private static final int STREAM_BLOCK_BYTES = 64;
    private static final int NONCE_BYTES = 12;
    private static final int LENGTH_BYTES = 4;
    private static final long SEQUENCE_MASK = 0xFFFF_FFFFL;
    private static final byte[] ZEROS = new byte[STREAM_BLOCK_BYTES];

    private final javax.crypto.Cipher lengthStream;
    private final javax.crypto.Cipher packetStream;
    private final Poly1305 authenticator = new Poly1305();
    private final byte[] streamBlock = new byte[STREAM_BLOCK_BYTES];
    private final byte[] encryptedLength = new byte[LENGTH_BYTES];
    private final byte[] tag = new byte[Poly1305.TAG_BYTES];
    private int authenticatedLength;

    private Mode mode = Mode.Encrypt;
    private SecretKey lengthKey = new SecretKeySpec(ZEROS, 0, HALF_KEY_BYTES, ALGORITHM);
    private SecretKey packetKey = lengthKey;
    private long firstSequence = -1;
    private long sequence;

    ChaChaPoly() {
        try {
            lengthStream = javax.crypto.Cipher.getInstance(ALGORITHM, PROVIDER);
            packetStream = javax.crypto.Cipher.getInstance(ALGORITHM, PROVIDER);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no ChaCha20", e);
        }
    }

    /**
     * Begins with a key.
     *
     * @param iv the first packet's sequence number, 8 bytes
     */
    @Override
    public void init(Mode direction, byte[] key, byte[] iv) {
        mode = direction;
        packetKey = new SecretKeySpec(key, 0, HALF_KEY_BYTES, ALGORITHM);
        lengthKey = new SecretKeySpec(key, HALF_KEY_BYTES, HALF_KEY_BYTES, ALGORITHM);
        sequence = ByteBuffer.wrap(iv).getLong();
        if ((sequence & ~SEQUENCE_MASK) != 0) {
            throw new IllegalArgumentException("iv: is not a sequence number: " + sequence);
        }
        firstSequence = sequence;
    }

    /** Encrypts or decrypts the length field; once a packet, before the rest. */
    @Override
    public void updateAAD(byte[] packet, int offset, int length) throws GeneralSecurityException {
        if (length != LENGTH_BYTES) {
            throw new IllegalArgumentException("length: must be 4, was " + length);
        }
        if (mode == Mode.Decrypt) {
            System.arraycopy(packet, offset, encryptedLength, 0, LENGTH_BYTES);
        }
        start(lengthStream, lengthKey);
        lengthStream.doFinal(packet, offset, LENGTH_BYTES, packet, offset);
        if (mode == Mode.Encrypt) {
            System.arraycopy(packet, offset, encryptedLength, 0, LENGTH_BYTES);
        }
        authenticatedLength = LENGTH_BYTES;
    }

    /**
     * Encrypts and writes the tag behind, or checks the tag behind and decrypts.
     *
     * @throws AEADBadTagException when the tag is wrong; nothing was decrypted
     */
    @Override
    public void update(byte[] packet, int offset, int length) throws GeneralSecurityException {
        start(packetStream, packetKey);
        packetStream.update(ZEROS, 0, STREAM_BLOCK_BYTES, streamBlock, 0);
        authenticator.init(streamBlock);
        Arrays.fill(streamBlock, (byte) 0);
        authenticator.update(encryptedLength, 0, authenticatedLength);
        authenticatedLength = 0;
        if (mode == Mode.Encrypt) {
            packetStream.doFinal(packet, offset, length, packet, offset);
            authenticator.update(packet, offset, length);
            authenticator.finish(packet, offset + length);
        } else {
            authenticator.update(packet, offset, length);
            authenticator.finish(tag, 0);
            byte[] received =
                    Arrays.copyOfRange(packet, offset + length, offset + length + tag.length);
            if (!MessageDigest.isEqual(tag, received)) {
                throw new AEADBadTagException("the packet was changed on its way");
            }
            packetStream.doFinal(packet, offset, length, packet, offset);
        }
        sequence = sequence + 1 & SEQUENCE_MASK;
        if (sequence == firstSequence) {
            throw new IllegalStateException("all sequence numbers were used with one key");
        }
    }

    /** The nonce is 12 bytes with the sequence number last, big-endian; the counter begins at 0. */
    private void start(javax.crypto.Cipher stream, SecretKey key) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(0).putInt((int) sequence).array();
        stream.init(
                mode == Mode.Encrypt
                        ? javax.crypto.Cipher.ENCRYPT_MODE
                        : javax.crypto.Cipher.DECRYPT_MODE,
                key,
                new ChaCha20ParameterSpec(nonce, 0));
    }

    /** MINA gives the sequence number as IV to what begins with {@code ChaCha}. */
    @Override
    public String getAlgorithm() {
        return ALGORITHM;
    }

    @Override
    public String getTransformation() {
        return ALGORITHM;
    }

    @Override
    public int getIVSize() {
        return Long.BYTES;
    }

    @Override
    public int getAuthenticationTagSize() {
        return Poly1305.TAG_BYTES;
    }

    @Override
    public int getCipherBlockSize() {
        return Long.BYTES;
    }

    @Override
    public int getKdfSize() {
        return 2 * HALF_KEY_BYTES;
    }

    @Override
    public int getKeySize() {
        return 2 * HALF_KEY_BYTES * Byte.SIZE;
    }

    @Override
    public String toString() {
        return "chacha20-poly1305";
    }
}
