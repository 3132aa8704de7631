package dev.bastion.server.bench;

import dev.bastion.server.transport.cipher.FastCiphers;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Random;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.cipher.CipherFactory;
import org.jspecify.annotations.Nullable;

/** Packets through MINA's ciphers and ours, in this JVM. */
final class CipherBench {

    private static final List<CipherFactory> CIPHERS =
            List.of(
                    BuiltinCiphers.cc20p1305_openssh,
                    BuiltinCiphers.aes128gcm,
                    BuiltinCiphers.aes256gcm);
    private static final int LENGTH_BYTES = 4;
    private static final List<Integer> PACKET_BYTES = List.of(32, 32 * 1024);
    private static final int MOST_PACKETS = 100_000;
    private static final int MOST_MEGABYTES = 128;

    private final BenchOptions options;

    CipherBench(BenchOptions options) {
        this.options = options;
    }

    void run() throws GeneralSecurityException {
        for (int bytes : PACKET_BYTES) {
            Table table = new Table("Packets of %,d bytes, MB/s".formatted(bytes), "MINA");
            int packets =
                    (int)
                            Math.min(
                                    MOST_PACKETS,
                                    Math.min(MOST_MEGABYTES, options.megabytes())
                                            * 1_000_000L
                                            / bytes);
            for (int round = -1; round < options.rounds(); round++) {
                for (CipherFactory mina : CIPHERS) {
                    measure(mina, "MINA", bytes, packets, round < 0 ? null : table);
                    NamedFactory<Cipher> fast = FastCiphers.of(List.of(mina)).getFirst();
                    measure(fast, "ours", bytes, packets, round < 0 ? null : table);
                }
            }
            table.print();
        }
    }

    /** Encrypts a packet and decrypts it, many times; a round without a table warms up. */
    private static void measure(
            NamedFactory<Cipher> factory, String way, int bytes, int packets, @Nullable Table table)
            throws GeneralSecurityException {
        Cipher out = factory.create();
        Cipher in = factory.create();
        Random random = new Random(1);
        byte[] key = new byte[out.getKdfSize()];
        byte[] iv = new byte[out.getIVSize()];
        byte[] packet = new byte[LENGTH_BYTES + bytes + out.getAuthenticationTagSize()];
        random.nextBytes(key);
        random.nextBytes(packet);
        long encrypting = 0;
        long decrypting = 0;
        try {
            out.init(Cipher.Mode.Encrypt, key, iv);
            in.init(Cipher.Mode.Decrypt, key, iv);
            for (int i = 0; i < packets; i++) {
                long begin = System.nanoTime();
                out.updateWithAAD(packet, 0, LENGTH_BYTES, bytes);
                long middle = System.nanoTime();
                in.updateWithAAD(packet, 0, LENGTH_BYTES, bytes);
                encrypting += middle - begin;
                decrypting += System.nanoTime() - middle;
            }
        } catch (Exception e) {
            throw new GeneralSecurityException(factory.getName(), e);
        }
        if (table != null) {
            double megabytes = (double) bytes * packets / 1e6;
            table.add(factory.getName() + " encrypt", way, megabytes / (encrypting / 1e9));
            table.add(factory.getName() + " decrypt", way, megabytes / (decrypting / 1e9));
        }
    }
}
