package dev.bastion.server.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;

/** MINA's server as a host that grants whoever has a key; what it does there is the test's. */
public final class MinaHost implements AutoCloseable {

    private final SshServer server = SshServer.setUpDefaultServer();
    private final KeyPair key;

    public MinaHost() {
        try {
            key = SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("no ed25519", e);
        }
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(session -> List.of(key));
        server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
    }

    /** To be set up before {@link #start}. */
    public SshServer server() {
        return server;
    }

    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address() {
        return "127.0.0.1:" + server.getPort();
    }

    public String fingerprint() {
        return KeyUtils.getFingerPrint(key.getPublic());
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
