package dev.bastion.server.session;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.access.Right;
import dev.bastion.server.backend.HostConnectResult;
import dev.bastion.server.backend.HostConnection;
import dev.bastion.server.backend.HostRefusedException;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.relay.RelayTap;
import dev.bastion.server.tap.SessionRecorder;
import dev.bastion.server.tap.ShellTap;
import dev.bastion.server.vault.Credential;
import dev.bastion.server.vault.VaultException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One use of one target: decided, reached, recorded, relayed, ended, in this order. Fails closed at
 * each step. Runs on its channel's virtual thread.
 */
final class TargetSession {

    private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);

    /** How long the first record of a session may take to become durable. */
    private static final long START_RECORD_SECONDS = 10;

    /** Stored length of a command; what runs is never cut. */
    private static final int COMMAND_RECORD_LIMIT = 65_536;

    private static final Executor RESUME =
            task -> Thread.ofVirtual().name("relay-resume").start(task);

    private final SessionParts parts;
    private final OperatorSide side;
    private final Visitor visitor;
    private final Messages messages;

    TargetSession(SessionParts parts, OperatorSide side, Visitor visitor, Messages messages) {
        this.parts = parts;
        this.side = side;
        this.visitor = visitor;
        this.messages = messages;
    }

    /**
     * @param fromMenu whether the menu comes back after it, so that nothing of its end reaches the
     *     client
     */
    TargetOutcome run(User user, String host, @Nullable String account, boolean fromMenu) {
        if (parts.log().state() instanceof AuditLogState.Unwritable) {
            return refuse(
                    host,
                    "ledger",
                    "the audit log cannot be written, so no session can begin; tell an administrator",
                    fromMenu);
        }
        SessionKind kind =
                switch (side.request().kind()) {
                    case "shell" -> SessionKind.SHELL;
                    case "exec" -> SessionKind.EXEC;
                    default -> SessionKind.SFTP;
                };
        if (kind == SessionKind.SFTP) {
            return refuse(
                    host,
                    "not-granted",
                    "subsystems are not served yet; use a shell or a command",
                    fromMenu);
        }
        Right right = kind == SessionKind.SHELL ? Right.SHELL : Right.EXEC;
        AccessDecision decision =
                parts.access()
                        .decide(
                                user,
                                visitor.from(),
                                host,
                                account,
                                right,
                                parts.clock().instant());
        return switch (decision) {
            case AccessDecision.Denied denied -> {
                record(host, denied.reason(), denied.detail());
                yield tell(deniedSentence(host, denied), fromMenu);
            }
            case AccessDecision.Permitted permitted -> reach(permitted.target(), kind, fromMenu);
        };
    }

    /** The same for what is unknown and what is not granted. */
    private String deniedSentence(String host, AccessDecision.Denied denied) {
        String name = Shown.text(host);
        return denied.reason().equals("ambiguous")
                ? "say which account on "
                        + name
                        + " you want: "
                        + Shown.text(denied.detail())
                        + "; write "
                        + visitor.user()
                        + "+ACCOUNT@"
                        + name
                : "there is no " + name + " that you may reach with this";
    }

    private TargetOutcome reach(Target target, SessionKind kind, boolean fromMenu) {
        HostConnectResult result;
        try (Credential credential = parts.credentials().credentialFor(target)) {
            result = parts.hosts().connect(target, credential);
        } catch (VaultException e) {
            LOG.error("the credential of {} cannot be opened", target, e);
            return refuse(
                    target.toString(),
                    "credential-refused",
                    "the credential of " + target + " cannot be opened; tell an administrator",
                    fromMenu);
        }
        return switch (result) {
            case HostConnectResult.Failed failed ->
                    refuse(target.toString(), failed.reason(), failed.sentence(), fromMenu);
            case HostConnectResult.Connected connected -> {
                try (HostConnection connection = connected.connection()) {
                    yield converse(connection, target, kind, fromMenu);
                }
            }
        };
    }

    private TargetOutcome converse(
            HostConnection connection, Target target, SessionKind kind, boolean fromMenu) {
        SessionContext context =
                new SessionContext(
                        visitor.connection(),
                        SessionId.create(parts.clock().instant(), parts.random()),
                        visitor.user(),
                        visitor.from(),
                        target.host().name(),
                        target.account());
        SessionRecorder recorder = new SessionRecorder(parts.log(), context, parts.clock());
        if (!durableStart(context, kind, recorder)) {
            return refuse(
                    target.toString(),
                    "ledger",
                    "the audit log cannot be written, so no session can begin; tell an administrator",
                    fromMenu);
        }
        RelayTap tap =
                new ShellTap(
                        recorder,
                        side.terminal() != null,
                        kind == SessionKind.SHELL || side.terminal() != null,
                        kind == SessionKind.EXEC ? 1 : 0);
        Ending ending = new Ending();
        String reason = "error";
        try {
            Relay relay =
                    connection.open(
                            side.request(),
                            side.socket(),
                            host -> new Relay(side.end(), host, tap, ending, RESUME, fromMenu));
            LiveSession session = new LiveSession(relay, messages);
            parts.registry().add(session);
            side.handOver(relay);
            parts.directory().recordUse(visitor.user(), target, parts.clock().instant());
            RelayEnd end = ending.await();
            side.takeBack();
            parts.registry().remove(session);
            reason = ending.exit != null ? "exited" : end.reason();
            if (!end.detail().isEmpty() && !fromMenu) {
                messages.say(end.detail());
            }
            return new TargetOutcome.Ended(ending.exit, end.detail());
        } catch (HostRefusedException e) {
            reason = "no-shell";
            return refuse(target.toString(), "no-shell", target + ": " + e.getMessage(), fromMenu);
        } finally {
            ended(context, reason, ending);
        }
    }

    /**
     * The start of the session, and the command of an exec, in the ledger before the host hears of
     * it.
     */
    private boolean durableStart(
            SessionContext context, SessionKind kind, SessionRecorder recorder) {
        CompletableFuture<?> durable =
                parts.log()
                        .append(
                                new AuditRecord.SessionStarted(
                                        parts.clock().instant(), context, kind));
        if (kind == SessionKind.EXEC) {
            durable = recorder.exec(bounded(side.request().command()));
        }
        try {
            durable.get(START_RECORD_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("a session could not begin: its first record was not written", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String bounded(String command) {
        return command.length() <= COMMAND_RECORD_LIMIT
                ? command
                : command.substring(0, COMMAND_RECORD_LIMIT)
                        + "[… "
                        + (command.length() - COMMAND_RECORD_LIMIT)
                        + " characters more]";
    }

    /** The end is recorded after the last line of the session. */
    private void ended(SessionContext context, String reason, Ending ending) {
        @Nullable ChannelRequest exit = ending.exit;
        AuditRecord record =
                new AuditRecord.SessionEnded(
                        parts.clock().instant(),
                        context,
                        reason,
                        exit == null ? null : TargetOutcome.status(exit),
                        exit == null ? null : TargetOutcome.signal(exit));
        ending.recorded
                .thenCompose(lines -> parts.log().append(record))
                .exceptionally(failure -> {
                    LOG.warn("the end of session {} was not recorded", context, failure);
                    return null;
                });
    }

    private TargetOutcome refuse(String target, String reason, String sentence, boolean fromMenu) {
        record(target, reason, sentence);
        return tell(sentence, fromMenu);
    }

    private TargetOutcome tell(String sentence, boolean fromMenu) {
        if (!fromMenu) {
            messages.say(sentence);
        }
        return new TargetOutcome.NotReached(sentence);
    }

    private void record(String target, String reason, String detail) {
        String asked = visitor.host() == null ? target : visitor.target();
        parts.log()
                .append(
                        new AuditRecord.TargetRefused(
                                parts.clock().instant(),
                                visitor.connection(),
                                visitor.user(),
                                visitor.from(),
                                asked,
                                reason,
                                detail))
                .exceptionally(failure -> {
                    LOG.warn("a refusal was not recorded", failure);
                    return null;
                });
    }

    /** Waits for the end of the relay, and keeps what the host said of its process. */
    private static final class Ending implements Relay.Listener {

        private final CompletableFuture<RelayEnd> over = new CompletableFuture<>();
        private volatile @Nullable ChannelRequest exit;
        private volatile CompletableFuture<?> recorded = CompletableFuture.completedFuture(null);

        @Override
        public void exited(ChannelRequest said) {
            exit = said;
        }

        @Override
        public void ended(RelayEnd end, CompletableFuture<?> lines) {
            recorded = lines;
            over.complete(end);
        }

        RelayEnd await() {
            try {
                return over.get();
            } catch (InterruptedException e) {
                return RelayEnd.SHUTDOWN;
            } catch (ExecutionException e) {
                throw new AuditLogException("the end of a relay was lost", e);
            }
        }
    }
}
