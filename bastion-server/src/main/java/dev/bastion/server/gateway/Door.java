package dev.bastion.server.gateway;

import dev.bastion.server.config.DoorSettings;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerProxyAcceptor;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come to the door: counts connections when they are accepted, before anything of SSH is
 * made for them, and takes the real address from load balancers that are named. From these a header
 * is demanded, from all others refused.
 *
 * <p>Thread-safe; runs on the loops' threads.
 */
final class Door implements IoServiceEventListener, SessionListener, ServerProxyAcceptor {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final AttributeKey<Admission.Ticket> TICKET = new AttributeKey<>();
    private static final AttributeKey<Boolean> PLACED = new AttributeKey<>();

    /** What every client's first line begins with; RFC 4253 section 4.2. */
    private static final byte[] BEGINNING = "SSH-".getBytes(StandardCharsets.US_ASCII);

    private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TELL_NANOS);
    private final DoorSettings settings;
    private final Admission admission;

    /** Of connections that were accepted and have no session yet, by their remote address. */
    private final Map<SocketAddress, Admission.Ticket> accepted = new ConcurrentHashMap<>();

    Door(DoorSettings settings) {
        this.settings = settings;
        this.admission = new Admission(settings, new SecureRandom());
    }

    /** To be called before listeners that want to know where a connection comes from. */
    void installIn(SshServer server) {
        server.setIoServiceEventListener(this);
        server.addSessionListener(this);
        server.setServerProxyAcceptor(this);
    }

    @Override
    public void connectionAccepted(
            IoAcceptor acceptor, SocketAddress local, SocketAddress remote, SocketAddress service)
            throws IOException {
        try {
            Admission.Ticket ticket = admission.admit();
            accepted.put(remote, ticket);
            if (!isProxy(remote)) {
                ticket.from(PeerAddress.of(remote));
            }
        } catch (RefusedConnectionException e) {
            tell(e);
            throw e;
        }
    }

    /** Often enough to be noticed; an attacker does not fill the disk. */
    private void tell(RefusedConnectionException refusal) {
        long now = System.nanoTime();
        long last = toldNanos.get();
        if (now - last >= TELL_NANOS && toldNanos.compareAndSet(last, now)) {
            LOG.warn("connections are refused: {}", refusal.getMessage());
        }
    }

    @Override
    public void abortAcceptedConnection(
            IoAcceptor acceptor,
            SocketAddress local,
            SocketAddress remote,
            SocketAddress service,
            Throwable reason) {
        LOG.debug("a connection from {} was not taken: {}", remote, reason.getMessage());
        Admission.Ticket ticket = accepted.remove(remote);
        if (ticket != null) {
            ticket.close();
        }
    }

    @Override
    public void sessionCreated(Session session) {
        Admission.Ticket ticket = accepted.remove(session.getIoSession().getRemoteAddress());
        if (ticket != null) {
            session.setAttribute(TICKET, ticket);
        }
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        Admission.Ticket ticket = session.getAttribute(TICKET);
        if (event == Event.Authenticated && ticket != null) {
            ticket.loggedIn();
        }
    }

    @Override
    public void sessionClosed(Session session) {
        Admission.Ticket ticket = session.getAttribute(TICKET);
        if (ticket != null) {
            ticket.close();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>MINA calls it with each read until the client's identification is complete, each time from
     * the first byte that the connection ever brought. What cannot become one is refused at its
     * first bytes: MINA would keep an empty line, and all that follows it, until the time for
     * logging in is over.
     */
    @Override
    public boolean acceptServerProxyMetadata(ServerSession session, Buffer buffer)
            throws IOException {
        SocketAddress remote = session.getIoSession().getRemoteAddress();
        if (Jump.of(session) == null && isProxy(remote)) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available());
            switch (ProxyHeader.decode(bytes)) {
                case ProxyHeader.Incomplete _ -> {
                    return false;
                }
                case ProxyHeader.Local own ->
                        place(session, buffer, PeerAddress.of(remote), own.length());
                case ProxyHeader.Proxied proxied ->
                        place(session, buffer, PeerAddress.of(proxied.source()), proxied.length());
            }
        }
        int known = Math.min(BEGINNING.length, buffer.available());
        for (int i = 0; i < known; i++) {
            if (buffer.array()[buffer.rpos() + i] != BEGINNING[i]) {
                throw new ProtocolException("this is not how an SSH client begins");
            }
        }
        return true;
    }

    private void place(ServerSession session, Buffer buffer, String from, int headerBytes)
            throws RefusedConnectionException {
        buffer.rpos(buffer.rpos() + headerBytes);
        if (session.getAttribute(PLACED) != null) {
            return;
        }
        Admission.Ticket ticket = session.getAttribute(TICKET);
        OperatorConnection connection = Gateway.of(session);
        if (ticket == null || connection == null) {
            throw new IllegalStateException("a connection that was not admitted");
        }
        try {
            ticket.from(from);
        } catch (RefusedConnectionException e) {
            tell(e);
            throw e;
        }
        connection.cameFrom(from);
        session.setAttribute(PLACED, true);
    }

    private boolean isProxy(@Nullable SocketAddress remote) {
        return !settings.proxies().isEmpty()
                && settings.proxies().stream()
                        .anyMatch(network -> network.contains(PeerAddress.of(remote)));
    }
}
