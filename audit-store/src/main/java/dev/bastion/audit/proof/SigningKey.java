package dev.bastion.audit.proof;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that signs what is said about a ledger: Ed25519 of the JDK, as PKCS #8 in PEM in a file
 * that only its owner can read, and its public half beside it with {@code .pub} at the end.
 * Immutable.
 */
public final class SigningKey {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----\n";
    private static final String END = "-----END PRIVATE KEY-----\n";

    /** Signed only to see whether two halves belong together. */
    private static final String TRIAL = "trial\n";

    private static final Logger LOG = LoggerFactory.getLogger(SigningKey.class);

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final PrivateKey key;
    private final VerifierKey publicKey;

    private SigningKey(PrivateKey key, VerifierKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /** Where the public half of a key's file is. */
    public static Path publicFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".pub");
    }

    /**
     * Makes a new key, and writes both halves, synced, to files that must not exist yet. The
     * private half appears whole and as the last: without it there is no key.
     *
     * @param node letters, digits, {@code .}, {@code _}, {@code -}, at most 64
     * @throws IOException with a sentence when they exist or cannot be written
     */
    public static SigningKey create(Path file, String node) throws IOException {
        SigningKey made = generate(Statement.origin(node), new SecureRandom());
        String pem =
                BEGIN
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(made.key.getEncoded())
                        + "\n"
                        + END;
        write(publicFile(file), made.publicKey + "\n", "rw-r--r--");
        write(file, pem, "rw-------");
        return made;
    }

    /**
     * Puts in order what a kill left of {@link #create}, for a key that has signed nothing: without
     * its private half the rest is deleted, and a public half that is missing is made of the
     * private one.
     *
     * @param node that the key signs for
     * @throws IOException with a sentence when the private half is damaged, or something cannot be
     *     written
     */
    static void recover(Path file, String node) throws IOException {
        boolean left = deleteUnwritten(file);
        if (!Files.exists(file)) {
            left |= Files.deleteIfExists(publicFile(file));
        } else if (!Files.exists(publicFile(file))) {
            VerifierKey computed = publicHalf(readPrivate(file), Statement.origin(node));
            write(publicFile(file), computed + "\n", "rw-r--r--");
            left = true;
        }
        if (left) {
            LOG.warn(
                    "The making of the ledger's signing key {} was cut short by a kill; it is"
                            + " finished now, before it signs anything.",
                    file);
        }
    }

    /** Deletes halves that were not written whole; whether there were any. */
    static boolean deleteUnwritten(Path file) throws IOException {
        boolean deleted = Files.deleteIfExists(unwritten(file));
        deleted |= Files.deleteIfExists(unwritten(publicFile(file)));
        return deleted;
    }

    private static SigningKey generate(String name, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, random);
            KeyPair pair = generator.generateKeyPair();
            return new SigningKey(pair.getPrivate(), VerifierKey.of(name, pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519.", e);
        }
    }

    /** The JDK computes a public half only where it makes a key, of the bytes that it draws. */
    private static VerifierKey publicHalf(PrivateKey key, String name) throws IOException {
        byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
        SigningKey again =
                generate(
                        name,
                        new SecureRandom() {
                            @Override
                            public void nextBytes(byte[] bytes) {
                                System.arraycopy(seed, 0, bytes, 0, bytes.length);
                            }
                        });
        if (!again.publicKey.signed(new SigningKey(key, again.publicKey).sign(TRIAL))) {
            throw new IOException("the public half of the key cannot be computed");
        }
        return again.publicKey;
    }

    /** Where a file is written before it has its name. */
    private static Path unwritten(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    /** The file is there whole, or it is not there. */
    private static void write(Path file, String text, String permissions) throws IOException {
        if (Files.exists(file)) {
            throw new IOException("the key " + file + " exists and is not replaced");
        }
        Path unwritten = unwritten(file);
        try {
            Files.deleteIfExists(unwritten);
            try (FileChannel channel =
                    FileChannel.open(
                            unwritten,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString(permissions)))) {
                ByteBuffer bytes = ByteBuffer.wrap(Digests.utf8(text));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(unwritten, file, StandardCopyOption.ATOMIC_MOVE);
            NoteFile.syncFolder(file);
        } catch (IOException e) {
            throw new IOException("the key " + file + " cannot be written", e);
        }
    }

    /**
     * Reads both halves.
     *
     * @throws IOException with a sentence when one is missing or damaged, others can read the
     *     private one, or they do not belong together
     */
    public static SigningKey load(Path file) throws IOException {
        if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            throw new IOException(
                    "the key "
                            + file
                            + " can be used by others than its owner: run 'chmod 600 "
                            + file
                            + "'");
        }
        VerifierKey publicKey = VerifierKey.load(publicFile(file));
        var loaded = new SigningKey(readPrivate(file), publicKey);
        if (!publicKey.signed(loaded.sign(TRIAL))) {
            throw new IOException(
                    "the key " + file + " and " + publicFile(file) + " do not belong together");
        }
        return loaded;
    }

    private static PrivateKey readPrivate(Path file) throws IOException {
        try {
            String base64 =
                    Files.readString(file).replace(BEGIN, "").replace(END, "").replace("\n", "");
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the key " + file + " is damaged", e);
        }
    }

    /** Overwrites and deletes the private half, so that it signs nothing any more. */
    static void destroy(Path file) throws IOException {
        long bytes = Files.size(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) bytes), 0);
            channel.force(true);
        }
        Files.delete(file);
    }

    public VerifierKey publicKey() {
        return publicKey;
    }

    /** The node that it signs for. */
    String node() {
        return publicKey.name().substring(Statement.origin("").length());
    }

    SignedNote sign(String text) {
        try {
            Signature signing = Signature.getInstance("Ed25519");
            signing.initSign(key);
            signing.update(Digests.utf8(text));
            return new SignedNote(
                    text,
                    List.of(new SignedNote.Mark(publicKey.name(), publicKey.id(), signing.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A key that was loaded signs.", e);
        }
    }

    @Override
    public String toString() {
        return "<secret>";
    }
}
