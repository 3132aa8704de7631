package dev.bastion.server.vault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one key that all stored secrets hang on: {@value #BYTES} random bytes in a file that only its
 * owner can read, outside the database. Immutable.
 */
public final class MasterKey {

    static final int BYTES = 32;

    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));

    private final SecretKey key;

    private MasterKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "Generic");
        Arrays.fill(bytes, (byte) 0);
    }

    /**
     * Makes a new one and writes it, synced, to a file that must not exist yet.
     *
     * @throws VaultException when it exists or cannot be written
     */
    public static MasterKey create(Path file) {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw new VaultException("the master key " + file + " exists and is not replaced", e);
        } catch (IOException e) {
            throw new VaultException("the master key " + file + " cannot be written", e);
        }
        return new MasterKey(bytes);
    }

    /**
     * Reads it.
     *
     * @throws VaultException when it is missing, damaged, or can be read by others than its owner
     */
    public static MasterKey load(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new VaultException("the master key " + file + " is a folder, not a file");
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(OTHERS::contains)) {
                throw new VaultException(
                        "the master key "
                                + file
                                + " can be used by others than its owner: run 'chmod 600 "
                                + file
                                + "'");
            }
            if (Files.size(file) != BYTES) {
                throw new VaultException(
                        "the master key " + file + " is damaged: it must have 32 bytes");
            }
            return new MasterKey(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new VaultException("the master key " + file + " is missing", e);
        } catch (IOException | UncheckedIOException e) {
            throw new VaultException("the master key " + file + " cannot be read", e);
        }
    }

    /**
     * A secret that hangs on this one and does not tell it: HMAC-SHA256 of what it is for.
     *
     * @param purpose different for each use
     * @return 32 bytes
     */
    public byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    SecretKey key() {
        return key;
    }

    @Override
    public String toString() {
        return "<secret>";
    }
}
