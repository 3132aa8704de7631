package dev.bastion.server.session;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.CountingTap;
import dev.bastion.server.transport.ChannelRefusedException;
import dev.bastion.server.transport.RelayedChannel;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One forwarded connection, or one port that a host listens on, from its start record to its end
 * record. Its methods block: virtual threads only.
 */
final class ForwardedConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardedConnection.class);

    /** How long the first record, and the answer of whom it goes to, may take. */
    private static final long LIMIT_SECONDS = 30;

    private final SessionParts parts;
    private final HostConnections connections;
    private final SessionContext context;
    private final CountingTap tap = new CountingTap();
    private final Instant start;

    /**
     * @param connections of its operator
     */
    ForwardedConnection(
            SessionParts parts, HostConnections connections, Visitor visitor, Target target) {
        this.parts = parts;
        this.connections = connections;
        this.start = parts.clock().instant();
        this.context =
                new SessionContext(
                        visitor.connection(),
                        SessionId.create(start, parts.random()),
                        visitor.user(),
                        visitor.from(),
                        target.host().name(),
                        target.account());
    }

    /**
     * Records the start, durably, before anybody hears of it.
     *
     * @param direction {@code local}, {@code remote}, {@code agent} or {@code listen}
     */
    void begin(String direction, String destination) throws ChannelRefusedException {
        var now = parts.clock().instant();
        try {
            await(
                    parts.log()
                            .appendAll(
                                    List.of(
                                            new AuditRecord.SessionStarted(
                                                    now, context, SessionKind.FORWARD),
                                            new AuditRecord.ForwardOpened(
                                                    now, context, direction, destination))));
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("a connection was not forwarded: its first record was not written", e);
            throw new ChannelRefusedException(
                    SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, Refusals.LEDGER);
        }
    }

    /**
     * Opens one of the two channels, joins them, and waits for the end.
     *
     * @param asked the one of the two that is to be opened by the bastion
     * @param data of its opening
     * @param mayOpen completes when it is open, so that the other one may open too
     */
    void relay(
            RelayedChannel operator,
            RelayedChannel host,
            RelayedChannel asked,
            byte[] data,
            CompletableFuture<Void> mayOpen)
            throws ChannelRefusedException {
        String reason = "refused";
        try {
            Ending ending = new Ending();
            Relay relay =
                    new Relay(operator.end(), host.end(), tap, ending, TargetSession.RESUME, false);
            operator.bind(relay.operatorEvents());
            host.bind(relay.hostEvents());
            if (operator.isClosing() || host.isClosing()) {
                // It was gone before anybody was told of it.
                throw refused("the connection was lost");
            }
            try {
                open(asked, data);
            } catch (CancellationException e) {
                // One of the two is gone: the relay has heard which, or is about to.
                reason = reason(ending.await());
                throw refused("the connection was lost");
            }
            LiveSession live =
                    new LiveSession(
                            relay,
                            null,
                            new LiveSession.Limit(
                                    new SessionClock(parts.limits(), System.nanoTime()),
                                    false,
                                    false),
                            about());
            parts.registry().add(live);
            try {
                mayOpen.complete(null);
                reason = reason(ending.await());
            } finally {
                parts.registry().remove(live);
            }
        } finally {
            operator.leave();
            host.leave();
            end(reason);
        }
    }

    private String reason(RelayEnd heard) {
        return reason(heard, connections.isClosed());
    }

    /**
     * The host's connection ends with the operator's: which is heard of first is chance.
     *
     * @param left whether the operator's connection is over
     */
    static String reason(RelayEnd heard, boolean left) {
        return left && heard.equals(RelayEnd.HOST_LOST)
                ? RelayEnd.OPERATOR_CLOSED.reason()
                : heard.reason();
    }

    private static void open(RelayedChannel asked, byte[] data) throws ChannelRefusedException {
        try {
            await(asked.openTo(data));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ChannelRefusedException said) {
                throw new ChannelRefusedException(said.reason(), Shown.text(said.sentence()));
            }
            throw refused("the connection failed");
        } catch (TimeoutException e) {
            throw refused("there was no answer in time");
        } catch (IOException e) {
            throw refused("the connection was lost");
        }
    }

    /** Waits, as long as anything may take. */
    static <T> T await(Future<T> future)
            throws ExecutionException, TimeoutException, ChannelRefusedException {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("the bastion is shutting down");
        }
    }

    static ChannelRefusedException refused(String sentence) {
        return new ChannelRefusedException(SshConstants.SSH_OPEN_CONNECT_FAILED, sentence);
    }

    /** Which session it is. */
    AboutSession about() {
        return new AboutSession(context, SessionKind.FORWARD, start, null);
    }

    /** Records the end. */
    void end(String reason) {
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
