package dev.bastion.server.session;

import static dev.bastion.server.session.ForwardedConnection.refused;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.access.Right;
import dev.bastion.server.backend.HostConnection;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.transport.ChannelRefusedException;
import dev.bastion.server.transport.RelayedChannel;
import dev.bastion.server.vault.VaultException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that are forwarded through targets (RFC 4254 section 7), from the operator's side
 * and from the host's: each is decided, recorded, relayed and counted like a session. The address
 * names the target; where a connection goes from there is the host's own doing.
 *
 * <p>Thread-safe. What blocks runs on virtual threads of its own.
 */
public final class Forwarding implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

    private static final String AGENT = "auth-agent@openssh.com";

    private final SessionParts parts;
    private final HostConnections connections;
    private final Visitor visitor;
    private final OperatorLink link;
    private final Refusals refusals;

    @GuardedBy("this")
    private final Map<ListenRequest, Listening> listening = new HashMap<>();

    /** The operator is gone; what a host says late is too late. */
    @GuardedBy("this")
    private boolean closed;

    /** Where programs may speak with the operator's agent. */
    @GuardedBy("this")
    private final Map<HostConnection, Target> agents = new HashMap<>();

    /** Hosts whose end is awaited: they listen, or did. */
    @GuardedBy("this")
    private final Set<HostConnection> watched = new HashSet<>();

    /** Something to do on a virtual thread, which may refuse. */
    private interface Service {
        void run() throws ChannelRefusedException, IOException;
    }

    /**
     * @param connections of the operator's connection
     */
    Forwarding(
            SessionParts parts, HostConnections connections, Visitor visitor, OperatorLink link) {
        this.parts = parts;
        this.connections = connections;
        this.visitor = visitor;
        this.link = link;
        this.refusals = new Refusals(parts, visitor);
    }

    /**
     * The operator's client asks for a connection from the host to somewhere.
     *
     * @param type {@code direct-tcpip}, or OpenSSH's {@code direct-streamlocal@openssh.com}
     * @param data of its opening
     * @return completes when the host has made the connection; exceptionally with a {@link
     *     ChannelRefusedException} when it may not be, or could not be, made
     */
    public CompletableFuture<?> toHost(String type, RelayedChannel operator, byte[] data) {
        CompletableFuture<Void> mayOpen = new CompletableFuture<>();
        serve(
                mayOpen,
                () -> {
                    String destination = ForwardRequest.destination(type, data);
                    Target target = target();
                    try (HostConnections.Use use = use(target)) {
                        use.connection().moveBeside(link.socket());
                        ForwardedConnection one =
                                new ForwardedConnection(parts, connections, visitor, target);
                        one.begin("local", destination);
                        RelayedChannel host = use.connection().channel(type);
                        one.relay(operator, host, host, data, mayOpen);
                    }
                });
        return mayOpen;
    }

    /**
     * The operator's client asks that the host listens for it.
     *
     * @param type {@link ListenRequest#PORT} or {@link ListenRequest#SOCKET}
     * @param data of the request
     * @return what the host answers with; exceptionally when it may not, or does not, listen
     */
    public CompletableFuture<byte[]> listen(String type, byte[] data) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        serve(answer, () -> answer.complete(beginListening(type, data)));
        return answer;
    }

    private byte[] beginListening(String type, byte[] data) throws ChannelRefusedException {
        ListenRequest asked = ListenRequest.parse(type, data);
        Target target = target();
        HostConnections.Use use = use(target);
        ForwardedConnection record = new ForwardedConnection(parts, connections, visitor, target);
        boolean listens = false;
        try {
            use.connection().moveBeside(link.socket());
            record.begin("listen", asked.destination());
            HostConnection host = use.connection();
            host.opensChannels(
                    (kind, channel, opening) -> toOperator(host, kind, channel, opening));
            byte[] said = ForwardedConnection.await(host.ask(type, data));
            SessionClock clock = new SessionClock(parts.limits(), System.nanoTime());
            Listening port =
                    new Listening(use, target, record, asked.as(said), clock, this::endsUnasked);
            synchronized (this) {
                listens = !closed && listening.putIfAbsent(port.at(), port) == null;
            }
            if (listens) {
                parts.registry().add(port);
                if (port.hasEnded()) {
                    parts.registry().remove(port);
                }
                watch(host);
            }
            return said;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("a host does not listen", e);
            throw refused("the host does not listen there");
        } finally {
            if (!listens) {
                record.end(connections.isClosed() ? RelayEnd.OPERATOR_CLOSED.reason() : "refused");
                use.close();
            }
        }
    }

    /**
     * The operator's client asks that the host listens no more.
     *
     * @param type with which it was asked to listen
     * @return what the host answers with; exceptionally when it does not listen there
     */
    public CompletableFuture<byte[]> cancel(String type, byte[] data) {
        Listening ended;
        synchronized (this) {
            ended = listening.remove(ListenRequest.parse(type, data));
        }
        if (ended == null) {
            return CompletableFuture.failedFuture(refused("the host does not listen there"));
        }
        CompletableFuture<byte[]> answer = stop(ended);
        end(ended, "closed-by-client");
        return answer;
    }

    private static CompletableFuture<byte[]> stop(Listening port) {
        return port.use().connection().ask(port.at().cancelling(), port.at().data());
    }

    private void end(Listening port, String reason) {
        parts.registry().remove(port);
        port.end(reason);
    }

    /** A host that is gone listens no more. */
    private void watch(HostConnection host) {
        synchronized (this) {
            if (!watched.add(host)) {
                return;
            }
        }
        host.whenGone(end -> Thread.ofVirtual().name("host-gone").start(() -> hostGone(host, end)));
    }

    private void hostGone(HostConnection host, RelayEnd end) {
        List<Listening> there;
        synchronized (this) {
            watched.remove(host);
            there =
                    listening.values().stream()
                            .filter(port -> port.use().connection().equals(host))
                            .toList();
        }
        there.forEach(port -> endsUnasked(port, end));
    }

    /** It ends, and not because the client wants it. */
    private void endsUnasked(Listening port, RelayEnd end) {
        boolean last;
        synchronized (this) {
            if (!listening.remove(port.at(), port)) {
                return;
            }
            last = listening.isEmpty();
        }
        var _ = stop(port);
        end(port, end.reason());
        link.tell(
                port.target().host().name()
                        + " listens no more on "
                        + Shown.text(port.at().destination())
                        + ": "
                        + end.detail(),
                last);
    }

    /** Programs of this connection may speak with the operator's agent. */
    void offerAgent(HostConnection host, Target target) {
        synchronized (this) {
            agents.put(host, target);
        }
        host.opensChannels((type, channel, opening) -> toOperator(host, type, channel, opening));
    }

    /** A host opens a channel; on its connection's reader thread. */
    private CompletableFuture<?> toOperator(
            HostConnection connection, String type, RelayedChannel host, byte[] data) {
        CompletableFuture<Void> mayOpen = new CompletableFuture<>();
        // It may come through a port that the client has yet to hear of.
        Future<?> answered = link.answered();
        serve(
                mayOpen,
                () -> {
                    awaitAnswers(answered);
                    boolean agent = type.equals(AGENT);
                    Listening port = agent ? null : openedThrough(connection, type, data);
                    Target target = port == null ? offeredAgent(connection) : port.target();
                    String destination = agent ? "" : ForwardRequest.destination(type, data);
                    ForwardedConnection one =
                            new ForwardedConnection(parts, connections, visitor, target);
                    one.begin(agent ? "agent" : "remote", destination);
                    RelayedChannel operator;
                    try {
                        operator = link.channel(type);
                    } catch (IOException | ChannelRefusedException e) {
                        one.end("refused");
                        throw e;
                    }
                    if (port != null) {
                        port.comes();
                    }
                    try {
                        one.relay(operator, host, operator, data, mayOpen);
                    } finally {
                        if (port != null) {
                            port.leaves();
                        }
                    }
                });
        return mayOpen;
    }

    private static void awaitAnswers(Future<?> answered) throws ChannelRefusedException {
        try {
            ForwardedConnection.await(answered);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("a host opens a channel before an answer", e);
            throw refused("there was no answer in time");
        }
    }

    /** A host may open only what was asked of it. */
    private synchronized Listening openedThrough(
            HostConnection connection, String type, byte[] opening) throws ChannelRefusedException {
        return listening.values().stream()
                .filter(one -> one.use().connection().equals(connection))
                .filter(one -> one.at().opens(type, opening))
                .findFirst()
                .orElseThrow(() -> prohibited("this was not asked for"));
    }

    private synchronized Target offeredAgent(HostConnection connection)
            throws ChannelRefusedException {
        Target target = agents.get(connection);
        if (target == null) {
            throw prohibited("this was not asked for");
        }
        return target;
    }

    /** The operator is gone. */
    @Override
    public void close() {
        List<Listening> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(listening.values());
            listening.clear();
            agents.clear();
        }
        all.forEach(port -> end(port, "closed-by-client"));
    }

    private void serve(CompletableFuture<?> answer, Service service) {
        parts.registry()
                .serve(
                        "forward-" + visitor.connection(),
                        () -> {
                            try {
                                service.run();
                            } catch (ChannelRefusedException e) {
                                answer.completeExceptionally(e);
                            } catch (IllegalArgumentException e) {
                                LOG.debug("{} asks for what cannot be read", visitor, e);
                                answer.completeExceptionally(
                                        refused("what is asked for cannot be read"));
                            } catch (IOException e) {
                                answer.completeExceptionally(refused("the connection was lost"));
                            } catch (RuntimeException e) {
                                LOG.error("a forwarded connection failed", e);
                                answer.completeExceptionally(
                                        refused("the bastion failed to forward this"));
                            }
                        });
    }

    private static ChannelRefusedException prohibited(String sentence) {
        return new ChannelRefusedException(
                SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, sentence);
    }

    /** The target of the address, when this user may forward through it now. */
    private Target target() throws ChannelRefusedException {
        String host = visitor.host();
        if (host == null) {
            throw prohibited(
                    "name the host to forward through: " + visitor.user() + "+HOST@this bastion");
        }
        if (refusals.ledgerIsLost()) {
            refusals.record(host, "ledger", Refusals.LEDGER);
            throw prohibited(Refusals.LEDGER);
        }
        Optional<User> user = parts.directory().user(visitor.user()).filter(User::enabled);
        if (user.isEmpty()) {
            throw prohibited("you are no longer let in; tell an administrator");
        }
        AccessDecision decision =
                parts.access()
                        .decide(
                                user.get(),
                                visitor.from(),
                                host,
                                visitor.account(),
                                Right.FORWARD,
                                parts.clock().instant());
        return switch (decision) {
            case AccessDecision.Permitted permitted -> permitted.target();
            case AccessDecision.Denied denied -> {
                refusals.record(host, denied.reason(), denied.detail());
                throw prohibited(refusals.sentence(host, denied));
            }
        };
    }

    private HostConnections.Use use(Target target) throws ChannelRefusedException {
        HostConnections.Got got;
        try {
            got = connections.use(target);
        } catch (VaultException e) {
            LOG.error("the credential of {} cannot be opened", target, e);
            got =
                    new HostConnections.Failed(
                            "credential-refused",
                            "the credential of "
                                    + target
                                    + " cannot be opened; tell an administrator");
        }
        return switch (got) {
            case HostConnections.Use use -> use;
            case HostConnections.Failed failed -> {
                refusals.record(target.toString(), failed.reason(), failed.sentence());
                throw refused(failed.sentence());
            }
        };
    }
}
