package dev.bastion.server.transport;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;

/** Private keys in files: ed25519, OpenSSH's format, mode 0600. */
public final class KeyFiles {

    private KeyFiles() {}

    /**
     * Makes a new key pair.
     *
     * @throws IOException when the file exists or cannot be written
     */
    public static KeyPair create(Path file, String comment) throws IOException {
        try {
            KeyPair pair = KeyUtils.generateKeyPair("ssh-ed25519", 256);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, comment, null, text);
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.write(file, text.toByteArray(), StandardOpenOption.WRITE);
            return pair;
        } catch (GeneralSecurityException e) {
            throw new IOException("the key " + file + " could not be made", e);
        }
    }

    /**
     * Reads one.
     *
     * @throws IOException with a sentence when it is missing, not a key, or can be read by others
     */
    public static KeyPair load(Path file) throws IOException {
        byte[] text = ownersOnly(file);
        try {
            Iterable<KeyPair> pairs =
                    SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName(file.toString()),
                            new ByteArrayInputStream(text),
                            FilePasswordProvider.EMPTY);
            if (pairs != null && pairs.iterator().hasNext()) {
                return pairs.iterator().next();
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IOException(
                    "the key " + file + " is damaged, or is no private key without a passphrase",
                    e);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
        throw new IOException("the file " + file + " holds no private key");
    }

    private static byte[] ownersOnly(Path file) throws IOException {
        try {
            if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                    .endsWith("------")) {
                throw new IOException(
                        "the key "
                                + file
                                + " can be read by others than its owner; run: chmod 600 "
                                + file);
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("the key " + file + " is missing", e);
        } catch (FileSystemException e) {
            throw new IOException("the key " + file + " cannot be read", e);
        }
    }
}
