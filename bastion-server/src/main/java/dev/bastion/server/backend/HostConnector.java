package dev.bastion.server.backend;

import dev.bastion.server.config.RekeyLimit;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.transport.SilentPeers;
import dev.bastion.server.transport.Waits;
import dev.bastion.server.transport.loop.EventLoops;
import dev.bastion.server.vault.Credential;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * Reaches hosts and logs in to them. One client serves all; each connection has its own pinned keys
 * and its own credential, which is forgotten when the connection is made. Thread-safe; its methods
 * block: virtual threads only.
 */
public final class HostConnector implements HostKeyScanner, AutoCloseable {

    /**
     * How long to wait for a host.
     *
     * @param connect name, TCP
     * @param authenticate key exchange and authentication, and each answer after it
     * @param silence how long a host that was logged in to may say nothing
     * @param rekey when keys are exchanged anew
     */
    public record Limits(
            Duration connect, Duration authenticate, Duration silence, RekeyLimit rekey) {

        public static final Limits DEFAULT =
                new Limits(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(90),
                        RekeyLimit.DEFAULT);
    }

    /** How MINA's message begins when two sides have no algorithm in common. */
    private static final String NO_COMMON_ALGORITHM = "Unable to negotiate";

    private static final String GIVEN_UP = "nobody waits for it any more";

    private final SshClient client;
    private final Limits limits;
    private final HostNames names;

    public HostConnector(Limits limits, EventLoops loops) {
        this(limits, loops, new HostNames(InetAddress::getByName));
    }

    HostConnector(Limits limits, EventLoops loops, HostNames names) {
        this.limits = limits;
        this.names = names;
        this.client = SshClient.setUpDefaultClient();
        client.setIoServiceFactoryFactory(loops);
        HostLink.installIn(client);
        client.setServerKeyVerifier(PinnedHostKeys.verifier());
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
        client.setFilePasswordProvider(FilePasswordProvider.EMPTY);
        client.setAgentFactory(null);
        client.setChannelFactories(
                Stream.of(
                                "forwarded-tcpip",
                                "forwarded-streamlocal@openssh.com",
                                "auth-agent@openssh.com")
                        .<ChannelFactory>map(OpenedByHost::new)
                        .toList());
        // A host asks only whether somebody is there; what else it announces is not passed on.
        client.setGlobalRequestHandlers(
                List.of((service, type, wantReply, data) -> RequestHandler.Result.ReplyFailure));
        client.setUserAuthFactories(
                List.of(
                        HostAlgorithms.storedKeys(),
                        UserAuthPasswordFactory.INSTANCE,
                        UserAuthKeyboardInteractiveFactory.INSTANCE));
        CoreModuleProperties.CLIENT_IDENTIFICATION.set(client, "OpenSSH_9.9 Bastion");
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.SOCKET_KEEPALIVE.set(client, true);
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(client, limits.rekey().bytes());
        CoreModuleProperties.REKEY_TIME_LIMIT.set(client, limits.rekey().time());
        CoreModuleProperties.PASSWORD_PROMPTS.set(client, 1);
        SilentPeers.end(client, limits.silence());
        client.addSessionListener(
                new SessionListener() {
                    @Override
                    public void sessionCreated(Session session) {
                        PinnedHostKeys pins = PinnedHostKeys.of((ClientSession) session);
                        if (pins != null) {
                            HostAlgorithms.of(pins.legacy())
                                    .applyTo((ClientSession) session, pins.types());
                        }
                    }
                });
    }

    public void start() {
        client.start();
    }

    /**
     * Connects and logs in.
     *
     * @param waits of all for whom it is; when they are given up so is this, with any result
     * @param credential stays the caller's, who closes it
     */
    public HostConnectResult connect(Target target, Credential credential, Waits waits) {
        Host host = target.host();
        if (host.trustedKeys().isEmpty()) {
            return new HostConnectResult.Failed(
                    "key-unknown",
                    "the host key of "
                            + host.name()
                            + " has not been accepted yet; an administrator does that with: host key trust "
                            + host.name());
        }
        PinnedHostKeys pins = new PinnedHostKeys(host.trustedKeys(), host.legacy());
        Opened opened =
                open(target.account(), host.name(), host.address(), host.port(), pins, waits);
        return switch (opened) {
            case Opened.Failed failed ->
                    new HostConnectResult.Failed(failed.reason, failed.sentence);
            case Opened.Session made ->
                    authenticate(made.session, host.name(), pins, credential, waits);
        };
    }

    private sealed interface Opened {
        record Session(ClientSession session) implements Opened {}

        record Failed(String reason, String sentence) implements Opened {}
    }

    private Opened open(
            String login, String name, String address, int port, PinnedHostKeys pins, Waits waits) {
        long startNanos = System.nanoTime();
        InetAddress resolved;
        try {
            resolved = names.find(address, limits.connect(), waits);
        } catch (UnknownHostException e) {
            return new Opened.Failed(
                    "name-not-found", "the address of " + name + " cannot be found by name");
        } catch (TimeoutException e) {
            return new Opened.Failed(
                    "timed-out", "the address of " + name + " was not found in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Opened.Failed("failed", "the bastion is shutting down");
        } catch (CancellationException e) {
            return new Opened.Failed("failed", GIVEN_UP);
        }
        Duration left = limits.connect().minusNanos(System.nanoTime() - startNanos);
        try {
            ConnectFuture connecting =
                    client.connect(
                            login,
                            new InetSocketAddress(resolved, port),
                            AttributeRepository.ofKeyValuePair(PinnedHostKeys.KEY, pins),
                            null);
            try (var _ = waits.begin(connecting::cancel)) {
                return new Opened.Session(
                        connecting
                                .verify(left.isPositive() ? left : Duration.ofMillis(1))
                                .getSession());
            }
        } catch (CancellationException e) {
            return new Opened.Failed("failed", GIVEN_UP);
        } catch (IOException e) {
            return connectFailure(name, e);
        }
    }

    private static Opened connectFailure(String name, IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || timedOut(cause)) {
                return new Opened.Failed("timed-out", name + " did not answer in time");
            }
            if (cause instanceof ConnectException) {
                return new Opened.Failed("refused", name + " refuses connections");
            }
            if (cause instanceof NoRouteToHostException) {
                return new Opened.Failed("refused", "there is no route to " + name);
            }
        }
        return new Opened.Failed("failed", endedHandshake(name));
    }

    private static String endedHandshake(String name) {
        return name + " ended the SSH handshake, or shows none of its known host keys";
    }

    private static boolean timedOut(Throwable failure) {
        String message = failure.getMessage();
        return message != null && message.contains("timed out");
    }

    private HostConnectResult authenticate(
            ClientSession session,
            String name,
            PinnedHostKeys pins,
            Credential credential,
            Waits waits) {
        boolean connected = false;
        try (var _ = waits.begin(() -> session.close(true))) {
            switch (credential) {
                case Credential.Password password ->
                        session.addPasswordIdentity(password.password().reveal());
                case Credential.PrivateKey key -> session.addPublicKeyIdentity(keyPair(key));
            }
            session.auth().verify(limits.authenticate());
            connected = true;
            return new HostConnectResult.Connected(
                    new HostConnection(session, limits.authenticate(), waits));
        } catch (IOException e) {
            return authenticationFailure(e, name, pins);
        } catch (GeneralSecurityException e) {
            return new HostConnectResult.Failed(
                    "credential-refused",
                    "the credential stored for " + name + " cannot be read; tell an administrator");
        } finally {
            if (!connected) {
                session.close(true);
            }
        }
    }

    private static HostConnectResult.Failed authenticationFailure(
            IOException failure, String name, PinnedHostKeys pins) {
        AuthorizedKey shown = pins.shown();
        if (pins.wasRefused() && shown != null) {
            return new HostConnectResult.Failed(
                    "key-changed",
                    "the host key of "
                            + name
                            + " has changed to "
                            + shown.fingerprint()
                            + "; you are not let through. If the change is known to be right, an administrator"
                            + " accepts it with: host key trust "
                            + name);
        }
        if (shown == null) {
            return handshakeFailure(failure, name);
        }
        return new HostConnectResult.Failed(
                "credential-refused",
                name + " does not take the stored credential; tell an administrator");
    }

    private static HostConnectResult.Failed handshakeFailure(IOException failure, String name) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return new HostConnectResult.Failed(
                        "timed-out", name + " did not finish the SSH handshake in time");
            }
            String message = cause.getMessage();
            if (message != null && message.startsWith(NO_COMMON_ALGORITHM)) {
                return new HostConnectResult.Failed(
                        "no-common-algorithm",
                        name
                                + " knows only algorithms that are not safe any more; if it must be so, an"
                                + " administrator allows them with: host set "
                                + name
                                + " --legacy");
            }
        }
        return new HostConnectResult.Failed("failed", endedHandshake(name));
    }

    private static KeyPair keyPair(Credential.PrivateKey key)
            throws IOException, GeneralSecurityException {
        byte[] bytes = key.openSsh().copyBytes();
        try (ByteArrayInputStream in = new ByteArrayInputStream(bytes)) {
            Iterable<KeyPair> pairs =
                    SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("stored key"),
                            in,
                            FilePasswordProvider.EMPTY);
            if (pairs == null || !pairs.iterator().hasNext()) {
                throw new GeneralSecurityException("the stored key holds no key");
            }
            return pairs.iterator().next();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public Scan scan(String address, int port, boolean legacy) {
        List<AuthorizedKey> found = new ArrayList<>();
        String reason = "";
        for (String type : HostAlgorithms.KEY_TYPES) {
            PinnedHostKeys pins =
                    new PinnedHostKeys(List.of(new AuthorizedKey(type, "", "")), legacy);
            switch (open("scan", address, address, port, pins, new Waits())) {
                case Opened.Failed failed -> {
                    return found.isEmpty()
                            ? new Scan.Failed(failed.sentence)
                            : new Scan.Found(found);
                }
                case Opened.Session made -> {
                    reason =
                            "it showed no host key in a way that the bastion accepts; if it is an old host: host set NAME --legacy";
                    AuthorizedKey shown = shownKey(made.session, pins);
                    if (shown != null) {
                        found.add(shown);
                    }
                }
            }
        }
        return found.isEmpty() ? new Scan.Failed(reason) : new Scan.Found(found);
    }

    /** Waits for the key exchange, which ends there: no key is pinned. */
    private @Nullable AuthorizedKey shownKey(ClientSession session, PinnedHostKeys pins) {
        try {
            session.waitFor(
                    EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), limits.authenticate());
            return pins.shown();
        } finally {
            session.close(true);
        }
    }

    @Override
    public void close() {
        client.stop();
        names.close();
    }

    /** Channels that a host opens towards the operator. */
    private record OpenedByHost(String type) implements ChannelFactory {

        @Override
        public String getName() {
            return type;
        }

        @Override
        public @Nullable Channel createChannel(Session session) {
            return HostConnection.openedByHost(session, type);
        }
    }
}
