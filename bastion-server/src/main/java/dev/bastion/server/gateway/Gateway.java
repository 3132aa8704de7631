package dev.bastion.server.gateway;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.server.session.ClientConnection;
import dev.bastion.server.session.GatewaySession;
import dev.bastion.server.session.OperatorLink;
import dev.bastion.server.session.SessionParts;
import dev.bastion.server.session.Visitor;
import dev.bastion.server.transport.ChannelRefusedException;
import dev.bastion.server.transport.RelayedChannel;
import dev.bastion.server.transport.SilentPeers;
import dev.bastion.server.transport.loop.Carrier;
import dev.bastion.server.transport.loop.EventLoops;
import dev.bastion.server.transport.loop.LoopSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door: MINA's server, set up to do nothing of its own. Logging in is {@link Login}'s, a
 * session channel is {@link OperatorChannel}'s, a forwarded connection {@code Forwarding}'s, and
 * every other kind of channel is refused.
 *
 * <p>Thread-safe. Callbacks run on MINA's threads and never block.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final SshServer server = SshServer.setUpDefaultServer();
    private final SessionParts parts;
    private final AuditLog log;
    private final EventLoops loops;
    private final Login login;
    private final HostKeyProofs hostKeys;
    private final HostIdentity identity;
    private final ChannelLimit channelLimit;

    /**
     * @param identity with what it answers
     */
    public Gateway(
            SessionParts parts,
            LoginParts loginParts,
            GatewayLimits limits,
            HostIdentity identity,
            EventLoops loops) {
        this.parts = parts;
        this.log = parts.log();
        this.loops = loops;
        this.identity = identity;
        this.login = new Login(loginParts, limits.door().jumpWithoutKey());
        this.hostKeys = new HostKeyProofs(identity.door().stream().map(HostKeyFile::pair).toList());
        this.channelLimit = new ChannelLimit(limits.channels());
        server.setIoServiceFactoryFactory(loops);
        OperatorSession.installIn(server);
        server.setKeyPairProvider(KeyPairProvider.wrap(identity.door().getFirst().pair()));
        OperatorAlgorithms.installIn(server, limits.door().encryptAndMac());
        login.installIn(server);
        server.setChannelFactories(
                List.of(
                        new Sessions(),
                        new LocalForwards("direct-tcpip"),
                        new LocalForwards("direct-streamlocal@openssh.com")));
        server.setGlobalRequestHandlers(List.of(new GlobalRequests()));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setSubsystemFactories(List.of());
        server.setAgentFactory(null);
        server.addSessionListener(new ConnectionListener());
        new Door(limits.door()).installIn(server);
        SilentPeers.end(server, limits.silence());
        CoreModuleProperties.SOCKET_KEEPALIVE.set(server, true);
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "OpenSSH_9.9 Bastion");
        CoreModuleProperties.AUTH_TIMEOUT.set(server, limits.loginGrace());
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, limits.authenticationRequests());
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(server, limits.rekey().bytes());
        CoreModuleProperties.REKEY_TIME_LIMIT.set(server, limits.rekey().time());
        CoreModuleProperties.REKEY_PACKETS_LIMIT.set(server, 1L << 31);
    }

    /**
     * Opens the port.
     *
     * @return the address that it listens on, with the port that it got
     * @throws IOException when it cannot; the message is a sentence
     */
    public InetSocketAddress listen(String host, int port) throws IOException {
        server.setHost(host);
        server.setPort(port);
        try {
            server.start();
        } catch (java.net.BindException e) {
            throw new IOException(
                    "cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        } catch (UnknownHostException | UnresolvedAddressException e) {
            throw new IOException(
                    "cannot listen on " + host + ":" + port + ": no address is known for that name",
                    e);
        }
        return new InetSocketAddress(host, server.getPort());
    }

    /** Ends all connections. Idempotent. */
    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            LOG.warn("the server did not stop cleanly", e);
        }
    }

    private final class Sessions implements ChannelFactory {

        @Override
        public String getName() {
            return "session";
        }

        @Override
        public @Nullable Channel createChannel(Session session) {
            OperatorConnection connection = of(session);
            if (connection == null || !connection.takesSessions()) {
                return null;
            }
            return channelLimit.isReached(session)
                    ? channelLimit.refusedChannel(getName())
                    : new OperatorChannel(Gateway.this::serve);
        }
    }

    /** Connections that the operator's client opens: through a host, or to one (a jump). */
    private final class LocalForwards implements ChannelFactory {

        private final String name;

        LocalForwards(String name) {
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public @Nullable Channel createChannel(Session session) {
            OperatorConnection connection = of(session);
            ClientConnection client = connection == null ? null : connection.client();
            if (client == null) {
                return null;
            }
            if (channelLimit.isReached(session)) {
                return channelLimit.refusedChannel(getName());
            }
            RelayedChannel.Opener opener =
                    client.hasTarget() || !name.equals("direct-tcpip")
                            ? (channel, data) -> client.forwarding().toHost(name, channel, data)
                            : new JumpOpener(server);
            return new RelayedChannel(getName(), OperatorChannel::lost, opener);
        }
    }

    private void serve(OperatorChannel channel) {
        OperatorConnection connection = of(channel.getSession());
        ClientConnection client = connection == null ? null : connection.client();
        if (connection == null || client == null) {
            channel.close();
            return;
        }
        parts.registry()
                .serve("session-" + connection.id, new GatewaySession(parts, client, channel));
    }

    static @Nullable OperatorConnection of(Session session) {
        return session.getAttribute(OperatorConnection.KEY);
    }

    /** Gives each connection its name, and records its end. */
    private final class ConnectionListener implements SessionListener {

        @Override
        public void sessionCreated(Session session) {
            ConnectionId id = ConnectionId.create(parts.clock().instant(), parts.random());
            Jump jump = Jump.of(session);
            HostCertificates certificates = identity.certificates();
            if (jump != null && session instanceof ServerSession inner) {
                String host = jump.to().host().name();
                KeyPair key = identity.jumps().of(host);
                session.setAttribute(
                        OperatorConnection.KEY,
                        new OperatorConnection(id, jump, new HostKeyProofs(List.of(key))));
                inner.setKeyPairProvider(KeyPairProvider.wrap(key));
                if (certificates != null) {
                    certificates.install(
                            inner, key, "bastion/" + host, List.of(host, jump.asked()));
                }
                login.installInside(inner, jump);
                return;
            }
            if (certificates != null && session instanceof ServerSession atDoor) {
                certificates.installAtDoor(atDoor, identity.door().getFirst().pair());
            }
            session.setAttribute(
                    OperatorConnection.KEY,
                    new OperatorConnection(
                            id,
                            PeerAddress.of(session.getIoSession().getRemoteAddress()),
                            hostKeys));
        }

        @Override
        public void sessionEvent(Session session, Event event) {
            OperatorConnection connection = of(session);
            Visitor visitor = connection == null ? null : connection.visitor();
            if (event == Event.Authenticated && connection != null && visitor != null) {
                connection.serves(
                        new ClientConnection(parts, visitor, new Link(session, channelLimit)));
                loops.settle(session);
                if (connection.jump() == null) {
                    // Inside, a client would drop the host's own key that it knows by this name.
                    connection.hostKeys().announce(session);
                }
            }
        }

        @Override
        public void sessionClosed(Session session) {
            OperatorConnection connection = of(session);
            if (connection == null) {
                return;
            }
            ClientConnection client = connection.client();
            if (client != null) {
                // On a thread of its own: this one must not block.
                Thread.ofVirtual().name("end-" + connection.id).start(client::close);
            }
            GatewayAddress address = connection.address();
            if (connection.isAuthenticated() && address != null) {
                log.append(
                                new AuditRecord.ConnectionEnded(
                                        parts.clock().instant(),
                                        connection.id,
                                        address.user(),
                                        connection.from(),
                                        SilentPeers.wasSilent(session) ? "silent" : "closed"))
                        .exceptionally(failure -> {
                            LOG.debug("the end of a connection was not recorded", failure);
                            return null;
                        });
            }
        }
    }

    /** The connection, for what hosts open towards the operator. */
    private record Link(Session session, ChannelLimit limit) implements OperatorLink {

        @Override
        public RelayedChannel channel(String type) throws IOException, ChannelRefusedException {
            if (limit.isReached(session)) {
                throw limit.refusal();
            }
            RelayedChannel channel = new RelayedChannel(type, OperatorChannel::lost);
            try {
                session.getService(ConnectionService.class).registerChannel(channel);
            } catch (IllegalStateException e) {
                throw new IOException("the operator's connection is closing", e);
            }
            return channel;
        }

        @Override
        public Future<?> answered() {
            OperatorConnection connection = of(session);
            return connection == null
                    ? CompletableFuture.completedFuture(null)
                    : connection.answered();
        }

        @Override
        public void tell(String sentence, boolean last) {
            try {
                session.sendDebugMessage(true, "bastion: " + sentence, "en");
            } catch (IOException e) {
                LOG.debug("nobody hears: {}", sentence, e);
            }
            if (last) {
                endWithConnections(sentence);
            }
        }

        /** Nothing would come of it any more: it ends when the last connection through it has. */
        private void endWithConnections(String sentence) {
            if (!session.isOpen()) {
                return;
            }
            List<Channel> left = ChannelLimit.present(session);
            if (left.stream().anyMatch(OperatorChannel.class::isInstance)) {
                return;
            }
            if (left.isEmpty()) {
                try {
                    session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, sentence);
                } catch (IOException e) {
                    LOG.debug("nobody hears: {}", sentence, e);
                }
            } else {
                left.getFirst().addCloseFutureListener(_ -> endWithConnections(sentence));
            }
        }

        @Override
        public @Nullable LoopSession socket() {
            Carrier carrier = Carrier.of(session);
            return carrier == null ? null : carrier.socket();
        }
    }
}
