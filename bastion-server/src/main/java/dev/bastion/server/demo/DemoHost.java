package dev.bastion.server.demo;

import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.vault.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.nativefs.NativeFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.keyboard.DefaultKeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.KeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.password.RejectAllPasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.RejectAllPublickeyAuthenticator;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * An SSH server on 127.0.0.1 that stands for a host: shell and exec with or without a PTY, SFTP,
 * and the old scp where the machine has it. Whoever knows its login runs commands as the current
 * user of this machine, so it listens on loopback only and its key lives in memory only.
 * Thread-safe.
 */
public final class DemoHost implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private final DemoProcesses processes;
    private final SshServer server;
    private final AuthorizedKey hostKey;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Makes the host and its host key; {@link #start()} opens the port.
     *
     * @param name shown by the prompt, and in the environment as {@code HOST}
     */
    public DemoHost(String name, DemoLogin login) {
        if (!name.matches("[A-Za-z0-9._][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("name: not the name of a host: " + name);
        }
        KeyPair keys = newHostKey();
        this.hostKey = authorizedKey(keys.getPublic());
        this.processes = new DemoProcesses(name);
        this.server = newServer(login, keys, processes);
    }

    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @throws UncheckedIOException if it cannot
     */
    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that it got. */
    public int port() {
        return server.getPort();
    }

    /** Where it listens: always 127.0.0.1. */
    public String address() {
        return LOOPBACK;
    }

    /** The public half of its host key. */
    public AuthorizedKey hostKey() {
        return hostKey;
    }

    /** The host key's fingerprint as {@code ssh-keygen -l} prints it. */
    public String fingerprint() {
        return hostKey.fingerprint();
    }

    /** Ends every connection and every process that a session started. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        processes.close();
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SshServer newServer(DemoLogin login, KeyPair keys, DemoProcesses processes) {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost(LOOPBACK);
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(keys));
        server.setPasswordAuthenticator(passwords(login));
        server.setKeyboardInteractiveAuthenticator(
                login.credential() instanceof DemoLogin.Accepted.Password
                        ? DefaultKeyboardInteractiveAuthenticator.INSTANCE
                        : KeyboardInteractiveAuthenticator.NONE);
        server.setPublickeyAuthenticator(publicKeys(login));
        server.setChannelFactories(List.of(DemoChannel.FACTORY));
        server.setShellFactory(channel -> new DemoCommand(processes, null));
        server.setCommandFactory((channel, command) -> new DemoCommand(processes, command));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder().build()));
        server.setFileSystemFactory(
                new NativeFileSystemFactory() {
                    @Override
                    public Path getUserHomeDir(SessionContext session) {
                        return Path.of(System.getProperty("user.home"));
                    }
                });
        return server;
    }

    private static PasswordAuthenticator passwords(DemoLogin login) {
        return switch (login.credential()) {
            case DemoLogin.Accepted.Password(Secret password) ->
                    (user, given, session) -> {
                        // The password is compared first, so that the time tells nothing of the
                        // name.
                        boolean right = password.equals(Secret.of(given));
                        return user.equals(login.name()) && right;
                    };
            case DemoLogin.Accepted.Key _ -> RejectAllPasswordAuthenticator.INSTANCE;
        };
    }

    private static PublickeyAuthenticator publicKeys(DemoLogin login) {
        return switch (login.credential()) {
            case DemoLogin.Accepted.Password _ -> RejectAllPublickeyAuthenticator.INSTANCE;
            case DemoLogin.Accepted.Key(AuthorizedKey key) ->
                    (user, given, session) ->
                            user.equals(login.name()) && key.sameKey(authorizedKey(given));
        };
    }

    private static KeyPair newHostKey() {
        try {
            return SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AuthorizedKey authorizedKey(PublicKey key) {
        String[] words = PublicKeyEntry.toString(key).split(" ", 3);
        return new AuthorizedKey(words[0], words[1], "");
    }
}
