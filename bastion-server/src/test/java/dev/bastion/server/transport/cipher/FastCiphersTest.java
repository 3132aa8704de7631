package dev.bastion.server.transport.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.cipher.Cipher.Mode;
import org.apache.sshd.common.cipher.CipherFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our ciphers against MINA's of the same name, packet by packet as MINA's session calls them. */
final class FastCiphersTest {

    private static final int LENGTH_BYTES = 4;
    private static final int PACKETS = 400;
    private static final int LONGEST = 40_000;

    @AfterEach
    void switchOn() {
        System.clearProperty(FastCiphers.PROPERTY);
    }

    @ParameterizedTest
    @EnumSource(names = {"aes128gcm", "aes256gcm", "cc20p1305_openssh"})
    void writesWhatMinaWritesAndReadsItBack(BuiltinCiphers mina) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Pair ours = new Pair(ours(mina), random);
        Pair theirs = new Pair(mina, ours);
        for (int i = 0; i < PACKETS; i++) {
            byte[] plain = packet(random, ours.tagBytes);
            byte[] encrypted = ours.encrypt(plain);

            assertThat(encrypted)
                    .as("seed %d, packet %d", seed, i)
                    .isEqualTo(theirs.encrypt(plain))
                    .isNotEqualTo(plain);
            assertThat(content(ours.decrypt(encrypted), ours.tagBytes))
                    .as("seed %d, packet %d", seed, i)
                    .isEqualTo(content(plain, ours.tagBytes))
                    .isEqualTo(content(theirs.decrypt(encrypted), ours.tagBytes));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"aes128gcm", "aes256gcm", "cc20p1305_openssh"})
    void refusesAPacketWithAnyBitChanged(BuiltinCiphers mina) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < PACKETS; i++) {
            Pair pair = new Pair(ours(mina), random);
            byte[] encrypted = pair.encrypt(packet(random, pair.tagBytes));
            int bit = random.nextInt(encrypted.length * Byte.SIZE);
            encrypted[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            byte[] changed = encrypted.clone();

            assertThatThrownBy(() -> pair.decrypt(changed))
                    .as("seed %d, packet %d, bit %d", seed, i, bit)
                    .isInstanceOf(AEADBadTagException.class);
        }
    }

    @Test
    void countsPacketsFromTheSequenceNumberThatMinaGivesAcrossItsEnd() throws Exception {
        byte[] iv = {0, 0, 0, 0, -1, -1, -1, -1};
        Random random = new Random(5);
        Pair ours = new Pair(ours(BuiltinCiphers.cc20p1305_openssh), random, iv);
        Pair theirs = new Pair(BuiltinCiphers.cc20p1305_openssh, ours);
        for (int i = 0; i < 3; i++) {
            byte[] plain = packet(random, ours.tagBytes);
            assertThat(ours.encrypt(plain)).isEqualTo(theirs.encrypt(plain));
        }
    }

    @Test
    void replacesTheThreeAndKeepsTheOrder() {
        List<CipherFactory> wanted =
                List.of(
                        BuiltinCiphers.aes256gcm,
                        BuiltinCiphers.aes128ctr,
                        BuiltinCiphers.cc20p1305_openssh,
                        BuiltinCiphers.aes128gcm);

        assertThat(FastCiphers.of(wanted))
                .extracting(NamedFactory::getName)
                .containsExactlyElementsOf(wanted.stream().map(NamedFactory::getName).toList());
        assertThat(FastCiphers.of(wanted))
                .extracting(factory -> factory.create().getClass().getSimpleName())
                .containsExactly("OutOfPlaceGcm", "BaseCTRCipher", "ChaChaPoly", "OutOfPlaceGcm");
    }

    @Test
    void leavesMinasOwnWhenSwitchedOff() {
        System.setProperty(FastCiphers.PROPERTY, "mina");

        assertThat(FastCiphers.of(List.of(BuiltinCiphers.aes128gcm)))
                .containsExactly(BuiltinCiphers.aes128gcm);
    }

    @ParameterizedTest
    @EnumSource(names = {"aes128gcm", "aes256gcm", "cc20p1305_openssh"})
    void saysOfItselfWhatMinasSays(BuiltinCiphers mina) {
        assertThat(ours(mina)).isNotSameAs(mina);
        assertThat(described((CipherFactory) ours(mina))).isEqualTo(described(mina));
    }

    private static List<Object> described(CipherFactory factory) {
        return List.of(
                factory.getName(),
                factory.isSupported(),
                factory.getAlgorithm(),
                factory.getTransformation(),
                factory.getKeySize(),
                factory.getIVSize(),
                factory.getAuthenticationTagSize(),
                factory.getCipherBlockSize(),
                factory.getKdfSize());
    }

    private static NamedFactory<Cipher> ours(CipherFactory mina) {
        return FastCiphers.of(List.of(mina)).getFirst();
    }

    /** Length field, content of any length, and room for the tag. */
    private static byte[] packet(Random random, int tagBytes) {
        int length = random.nextBoolean() ? random.nextInt(100) : random.nextInt(LONGEST);
        byte[] packet = new byte[LENGTH_BYTES + length + tagBytes];
        random.nextBytes(packet);
        return packet;
    }

    private static byte[] content(byte[] packet, int tagBytes) {
        return Arrays.copyOf(packet, packet.length - tagBytes);
    }

    /** The two ends of one direction. */
    private static final class Pair {

        private final byte[] key;
        private final byte[] iv;
        private final int tagBytes;
        private final Cipher out;
        private final Cipher in;

        Pair(NamedFactory<Cipher> factory, Random random) throws Exception {
            this(factory, random, sequence(random));
        }

        /** A first sequence number for ChaCha20, and a random IV for GCM of 12 bytes. */
        private static byte[] sequence(Random random) {
            byte[] bytes = new byte[12];
            random.nextBytes(bytes);
            Arrays.fill(bytes, 0, 4, (byte) 0);
            return bytes;
        }

        Pair(NamedFactory<Cipher> factory, Random random, byte[] iv) throws Exception {
            this.out = factory.create();
            this.in = factory.create();
            this.key = new byte[out.getKdfSize()];
            random.nextBytes(key);
            this.iv = Arrays.copyOf(iv, out.getIVSize());
            this.tagBytes = out.getAuthenticationTagSize();
            begin();
        }

        /** With another's key. */
        Pair(NamedFactory<Cipher> factory, Pair other) throws Exception {
            this.out = factory.create();
            this.in = factory.create();
            this.key = other.key;
            this.iv = other.iv;
            this.tagBytes = other.tagBytes;
            begin();
        }

        private void begin() throws Exception {
            out.init(Mode.Encrypt, key.clone(), iv.clone());
            in.init(Mode.Decrypt, key.clone(), iv.clone());
        }

        byte[] encrypt(byte[] plain) throws Exception {
            byte[] packet = plain.clone();
            out.updateWithAAD(packet, 0, LENGTH_BYTES, length(packet));
            return packet;
        }

        byte[] decrypt(byte[] encrypted) throws Exception {
            byte[] packet = encrypted.clone();
            in.updateWithAAD(packet, 0, LENGTH_BYTES, length(packet));
            return packet;
        }

        private int length(byte[] packet) {
            return packet.length - LENGTH_BYTES - tagBytes;
        }
    }
}
