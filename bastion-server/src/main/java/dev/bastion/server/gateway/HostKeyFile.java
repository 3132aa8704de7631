package dev.bastion.server.gateway;

import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.transport.KeyFiles;
import dev.bastion.server.transport.PublicKeyText;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;

/** The bastion's own host key, as read from its file. Immutable. */
public final class HostKeyFile {

    private final KeyPair pair;

    private HostKeyFile(KeyPair pair) {
        this.pair = pair;
    }

    /** Makes a new one in a file that must not exist. */
    public static HostKeyFile create(Path file) throws IOException {
        return new HostKeyFile(KeyFiles.create(file, "bastion"));
    }

    /** Reads it; the message of a failure is a sentence. */
    public static HostKeyFile load(Path file) throws IOException {
        return new HostKeyFile(KeyFiles.load(file));
    }

    /** The public half, for known_hosts. */
    public AuthorizedKey publicKey() {
        return PublicKeyText.of(pair.getPublic());
    }

    KeyPair pair() {
        return pair;
    }
}
