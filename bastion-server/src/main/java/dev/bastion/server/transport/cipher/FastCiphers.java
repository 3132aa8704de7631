package dev.bastion.server.transport.cipher;

import java.util.List;
import java.util.function.Supplier;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.cipher.CipherFactory;

/** Chooses between MINA's ciphers and ours of the same name. Immutable. */
public final class FastCiphers {

    /** {@code mina} switches ours off, for comparing. */
    public static final String PROPERTY = "bastion.ciphers";

    private static final List<CipherFactory> FAST =
            List.of(
                    new Replacement(
                            BuiltinCiphers.aes128gcm,
                            () -> new OutOfPlaceGcm(BuiltinCiphers.aes128gcm)),
                    new Replacement(
                            BuiltinCiphers.aes256gcm,
                            () -> new OutOfPlaceGcm(BuiltinCiphers.aes256gcm)),
                    new Replacement(BuiltinCiphers.cc20p1305_openssh, ChaChaPoly::new));

    private FastCiphers() {}

    /**
     * The same ciphers in the same order, ours where there is one and they are not switched off.
     */
    public static List<NamedFactory<Cipher>> of(List<? extends CipherFactory> wanted) {
        boolean off = "mina".equals(System.getProperty(PROPERTY));
        return wanted.stream()
                .map(mina -> off ? mina : replacementOf(mina))
                .<NamedFactory<Cipher>>map(factory -> factory)
                .toList();
    }

    private static CipherFactory replacementOf(CipherFactory mina) {
        return FAST.stream()
                .filter(fast -> fast.getName().equals(mina.getName()))
                .findFirst()
                .orElse(mina);
    }

    /** Says of itself what MINA's says, and makes another cipher. */
    private record Replacement(BuiltinCiphers mina, Supplier<Cipher> maker)
            implements CipherFactory {

        @Override
        public Cipher create() {
            return maker.get();
        }

        @Override
        public String getName() {
            return mina.getName();
        }

        @Override
        public boolean isSupported() {
            return mina.isSupported();
        }

        @Override
        public String getAlgorithm() {
            return mina.getAlgorithm();
        }

        @Override
        public String getTransformation() {
            return mina.getTransformation();
        }

        @Override
        public int getKeySize() {
            return mina.getKeySize();
        }

        @Override
        public int getIVSize() {
            return mina.getIVSize();
        }

        @Override
        public int getAuthenticationTagSize() {
            return mina.getAuthenticationTagSize();
        }

        @Override
        public int getCipherBlockSize() {
            return mina.getCipherBlockSize();
        }

        @Override
        public int getKdfSize() {
            return mina.getKdfSize();
        }

        @Override
        public String toString() {
            return getName();
        }
    }
}
