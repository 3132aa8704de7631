package dev.bastion.server.session;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.access.Right;
import dev.bastion.server.backend.HostConnection;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.tap.CountingTap;
import dev.bastion.server.transport.ChannelRefusedException;
import dev.bastion.server.transport.RelayedChannel;
import dev.bastion.server.transport.loop.LoopSession;
import dev.bastion.server.vault.VaultException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshConstants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that an operator's client forwards through a target (RFC 4254 section 7): each is
 * decided, recorded, relayed and counted like a session. Its address names the target; where the
 * connection goes from there is the host's own doing.
 *
 * <p>Thread-safe. Each connection is served on a virtual thread of its own.
 */
public final class Forwarding {

    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

    /** How long the first record, and the host's answer, may take. */
    private static final long LIMIT_SECONDS = 30;

    private final SessionParts parts;
    private final HostConnections connections;
    private final Visitor visitor;
    private final Refusals refusals;

    /**
     * @param connections of the operator's connection
     */
    public Forwarding(SessionParts parts, HostConnections connections, Visitor visitor) {
        this.parts = parts;
        this.connections = connections;
        this.visitor = visitor;
        this.refusals = new Refusals(parts, visitor);
    }

    /**
     * The operator's client asks for a connection from the host to somewhere, {@code direct-tcpip}.
     *
     * @param data of its opening
     * @param socket that the operator is on
     * @return completes when the host has made the connection; exceptionally with a {@link
     *     ChannelRefusedException} when it may not be, or could not be, made
     */
    public CompletableFuture<?> toHost(
            RelayedChannel operator, byte[] data, @Nullable LoopSession socket) {
        CompletableFuture<Void> mayOpen = new CompletableFuture<>();
        parts.registry()
                .serve(
                        "forward-" + visitor.connection(),
                        () -> {
                            try {
                                serve(operator, data, socket, mayOpen);
                            } catch (ChannelRefusedException e) {
                                mayOpen.completeExceptionally(e);
                            } catch (RuntimeException e) {
                                LOG.error("a forwarded connection failed", e);
                                mayOpen.completeExceptionally(
                                        refused("the bastion failed to forward this"));
                            }
                        });
        return mayOpen;
    }

    private static ChannelRefusedException prohibited(String sentence) {
        return new ChannelRefusedException(
                SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, sentence);
    }

    private static ChannelRefusedException refused(String sentence) {
        return new ChannelRefusedException(SshConstants.SSH_OPEN_CONNECT_FAILED, sentence);
    }

    private void serve(
            RelayedChannel operator,
            byte[] data,
            @Nullable LoopSession socket,
            CompletableFuture<Void> mayOpen)
            throws ChannelRefusedException {
        String destination;
        try {
            destination = ForwardRequest.parse(data).destination();
        } catch (IllegalArgumentException e) {
            LOG.debug("{} asks for what cannot be read", visitor, e);
            throw refused("the destination cannot be read");
        }
        Target target = target();
        try (HostConnections.Use use = use(target)) {
            use.connection().moveBeside(socket);
            relay(use.connection(), target, destination, operator, data, mayOpen);
        }
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
            got = connections.use(target, false);
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

    private void relay(
            HostConnection connection,
            Target target,
            String destination,
            RelayedChannel operator,
            byte[] data,
            CompletableFuture<Void> mayOpen)
            throws ChannelRefusedException {
        SessionContext context =
                new SessionContext(
                        visitor.connection(),
                        SessionId.create(parts.clock().instant(), parts.random()),
                        visitor.user(),
                        visitor.from(),
                        target.host().name(),
                        target.account());
        begin(context, destination);
        CountingTap tap = new CountingTap();
        String reason = "error";
        try {
            RelayedChannel host = connection.channel("direct-tcpip");
            Ending ending = new Ending();
            Relay relay =
                    new Relay(operator.end(), host.end(), tap, ending, TargetSession.RESUME, false);
            operator.bind(relay.operatorEvents());
            host.bind(relay.hostEvents());
            reason = "refused";
            open(host, data);
            LiveSession live =
                    new LiveSession(relay, sentence -> LOG.debug("not said: {}", sentence));
            parts.registry().add(live);
            try {
                mayOpen.complete(null);
                reason = ending.await().reason();
            } finally {
                parts.registry().remove(live);
                operator.close(false);
                host.close(false);
            }
        } catch (IOException e) {
            throw refused("the connection to the host was lost");
        } finally {
            end(context, tap, reason);
        }
    }

    private static void open(RelayedChannel host, byte[] data)
            throws IOException, ChannelRefusedException {
        try {
            host.openTo(data).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ChannelRefusedException said) {
                throw new ChannelRefusedException(said.reason(), Shown.text(said.sentence()));
            }
            throw new IOException(e);
        } catch (TimeoutException e) {
            host.close(true);
            throw refused("the host did not answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            host.close(true);
            throw refused("the bastion is shutting down");
        }
    }

    /** The records of the start are durable before the host hears of it. */
    private void begin(SessionContext context, String destination) throws ChannelRefusedException {
        var now = parts.clock().instant();
        try {
            parts.log()
                    .appendAll(
                            List.of(
                                    new AuditRecord.SessionStarted(
                                            now, context, SessionKind.FORWARD),
                                    new AuditRecord.ForwardOpened(
                                            now, context, "local", destination)))
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("a connection was not forwarded: its first record was not written", e);
            throw prohibited(Refusals.LEDGER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("the bastion is shutting down");
        }
    }

    private void end(SessionContext context, CountingTap tap, String reason) {
        var now = parts.clock().instant();
        parts.log()
                .appendAll(
                        List.of(
                                new AuditRecord.ForwardClosed(
                                        now, context, tap.bytesToHost(), tap.bytesToOperator()),
                                new AuditRecord.SessionEnded(now, context, reason, null, null)))
                .exceptionally(failure -> {
                    LOG.warn("the end of session {} was not recorded", context, failure);
                    return null;
                });
    }
}
