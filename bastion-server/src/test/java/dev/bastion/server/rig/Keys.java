package dev.bastion.server.rig;

import dev.bastion.server.identity.AuthorizedKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A key pair that {@code ssh-keygen} made.
 *
 * @param privateFile the private key in OpenSSH's format, mode 0600
 * @param publicFile one line, as in {@code authorized_keys}
 */
public record Keys(Path privateFile, Path publicFile) {

    /**
     * A new ed25519 pair without a passphrase, as {@code folder/name} and {@code folder/name.pub}.
     */
    public static Keys ed25519(Path folder, String name) {
        return generate(folder, name, "ed25519", "");
    }

    /**
     * A new pair.
     *
     * @param type as {@code ssh-keygen -t} takes it: {@code ed25519}, {@code ecdsa}, {@code rsa}
     * @param passphrase empty for none
     */
    public static Keys generate(Path folder, String name, String type, String passphrase) {
        Path file = folder.resolve(name).toAbsolutePath();
        Programs.run(
                List.of(
                        Programs.find("ssh-keygen").toString(),
                        "-q",
                        "-t",
                        type,
                        "-N",
                        passphrase,
                        "-C",
                        name,
                        "-f",
                        file.toString()));
        return new Keys(file, file.resolveSibling(name + ".pub"));
    }

    /** The one line of the public file, without its line end. */
    public String publicLine() {
        return read(publicFile).strip();
    }

    /** The public key as the bastion holds it. */
    public AuthorizedKey publicKey() {
        String[] words = publicLine().split(" ", 3);
        return new AuthorizedKey(words[0], words[1], words.length > 2 ? words[2] : "");
    }

    /** The private key's file, as text. */
    public String privateText() {
        return read(privateFile);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
