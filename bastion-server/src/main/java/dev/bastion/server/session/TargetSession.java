package dev.bastion.server.session;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.recording.Recording;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.RecordingHeader;
import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.backend.HostRefusedException;
import dev.bastion.server.backend.HostSession;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.relay.RelayTap;
import dev.bastion.server.relay.Terminal;
import dev.bastion.server.tap.FileRecorder;
import dev.bastion.server.tap.RecordedTap;
import dev.bastion.server.tap.ScpCommand;
import dev.bastion.server.tap.ScpTap;
import dev.bastion.server.tap.ScriptTap;
import dev.bastion.server.tap.SessionRecorder;
import dev.bastion.server.tap.ShellTap;
import dev.bastion.server.tap.sftp.FileRights;
import dev.bastion.server.tap.sftp.SftpTap;
import dev.bastion.server.vault.VaultException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One use of one target: decided, reached, recorded, relayed, ended, in this order. Fails closed at
 * each step. Runs on its channel's virtual thread.
 */
final class TargetSession {

    private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);

    /** So that a benchmark can compare; never off where anybody works. */
    private static final boolean RECORDS = !"off".equals(System.getProperty("bastion.recordings"));

    /** How long the first record of a session may take to become durable. */
    private static final long START_RECORD_SECONDS = 10;

    /** Connections that are tried when a host opens no more sessions on those that are there. */
    private static final int CONNECTION_ATTEMPTS = 20;

    static final Executor RESUME = task -> Thread.ofVirtual().name("relay-resume").start(task);

    private final SessionParts parts;
    private final ClientConnection client;
    private final RelayedSide side;
    private final Visitor visitor;
    private final Consumer<String> teller;
    private final @Nullable Messages messages;
    private final Refusals refusals;

    /** What may be done in a session beside what it is. */
    private record Given(FileRights files, boolean agent) {}

    /**
     * @param teller says a sentence to the operator
     * @param messages what is said while the session is relayed; absent where nothing can be
     */
    TargetSession(
            SessionParts parts,
            ClientConnection client,
            RelayedSide side,
            Consumer<String> teller,
            @Nullable Messages messages) {
        this.parts = parts;
        this.client = client;
        this.side = side;
        this.visitor = client.visitor;
        this.teller = teller;
        this.messages = messages;
        this.refusals = new Refusals(parts, visitor);
    }

    /**
     * @param fromMenu whether the menu comes back after it, so that nothing of its end reaches the
     *     client
     */
    TargetOutcome run(User user, String host, @Nullable String account, boolean fromMenu) {
        if (refusals.ledgerIsLost()) {
            return refuse(host, "ledger", Refusals.LEDGER, fromMenu);
        }
        SessionKind kind =
                switch (side.request().kind()) {
                    case "shell" -> SessionKind.SHELL;
                    case "exec" -> SessionKind.EXEC;
                    default -> SessionKind.SFTP;
                };
        if (kind == SessionKind.SFTP && !side.request().command().equals("sftp")) {
            return refuse(host, "not-granted", "of the subsystems only sftp is served", fromMenu);
        }
        TargetRights rights = new TargetRights(parts, user, visitor.from());
        return switch (rights.decide(host, account, kind)) {
            case AccessDecision.Denied denied -> {
                refusals.record(host, denied.reason(), denied.detail());
                yield tell(refusals.sentence(host, denied), fromMenu);
            }
            case AccessDecision.Permitted permitted -> {
                Target target = permitted.target();
                if (kind == SessionKind.EXEC && MoshCommand.is(side.request().command())) {
                    yield refuse(target.toString(), "unsupported", MoshCommand.REFUSAL, fromMenu);
                }
                TargetOutcome outcome = reach(target, kind, rights, fromMenu);
                if (outcome instanceof TargetOutcome.Ended(var exit, String detail)
                        && !detail.isEmpty()
                        && !fromMenu) {
                    // After all else: a client that takes nothing would keep it waiting.
                    teller.accept(detail);
                }
                yield outcome;
            }
        };
    }

    private TargetOutcome reach(
            Target target, SessionKind kind, TargetRights rights, boolean fromMenu) {
        for (int attempt = 1; ; attempt++) {
            HostConnections.Got got;
            try {
                got = client.hosts.useForSession(target, side.waits());
            } catch (VaultException e) {
                LOG.error("the credential of {} cannot be opened", target, e);
                return refuse(
                        target.toString(),
                        "credential-refused",
                        "the credential of " + target + " cannot be opened; tell an administrator",
                        fromMenu);
            }
            switch (got) {
                case HostConnections.Failed failed -> {
                    return refuse(target.toString(), failed.reason(), failed.sentence(), fromMenu);
                }
                case HostConnections.Use use -> {
                    try (use) {
                        use.connection().moveBeside(side.socket());
                        HostSession session = open(use, attempt == CONNECTION_ATTEMPTS);
                        if (session != null) {
                            try (session) {
                                Given given = new Given(rights.files(target), rights.agent(target));
                                if (side.request().agent() && given.agent) {
                                    client.forwarding().offerAgent(use.connection(), target);
                                    session.offerAgent();
                                }
                                return converse(session, target, kind, given, fromMenu);
                            }
                        }
                    } catch (HostRefusedException e) {
                        HostConnections.Failed failed = failed(target, e);
                        return refuse(
                                target.toString(), failed.reason(), failed.sentence(), fromMenu);
                    }
                }
            }
        }
    }

    /** What the host did not do, or had no time to do. */
    private HostConnections.Failed failed(Target target, HostRefusedException refused) {
        return client.hosts.isClosed() || side.waits().areGivenUp()
                ? HostConnections.Failed.CLIENT_GONE
                : new HostConnections.Failed("no-shell", target + ": " + refused.getMessage());
    }

    /**
     * Opens a session.
     *
     * @return nothing when another connection may open one: sessions before this one may have used
     *     up what the host allows on this one
     */
    private @Nullable HostSession open(HostConnections.Use use, boolean last)
            throws HostRefusedException {
        try {
            return use.connection().openSession(side.waits());
        } catch (HostRefusedException e) {
            // One that is no longer wanted says nothing of how many the host allows.
            if (last || side.waits().areGivenUp() || !use.isFull()) {
                throw e;
            }
            return null;
        }
    }

    private TargetOutcome converse(
            HostSession host, Target target, SessionKind kind, Given given, boolean fromMenu) {
        Instant start = parts.clock().instant();
        SessionContext context =
                new SessionContext(
                        visitor.connection(),
                        SessionId.create(start, parts.random()),
                        visitor.user(),
                        visitor.from(),
                        target.host().name(),
                        target.account());
        Recording recording = null;
        if (isRecorded(kind)) {
            try {
                recording = record(context, kind, start);
            } catch (RecordingException e) {
                LOG.warn("a session could not begin: {}", e.getMessage(), e);
                return refuse(target.toString(), "recording", Refusals.RECORDING, fromMenu);
            }
        }
        SessionRecorder recorder =
                new SessionRecorder(parts.log(), context, parts.clock(), parts.mask(), recording);
        if (!durableStart(context, kind, start, recorder)) {
            end(recording, "ledger", null);
            return refuse(target.toString(), "ledger", Refusals.LEDGER, fromMenu);
        }
        Refusals.Within within = refusals.new Within(context);
        within.begins(side, given.agent);
        Ending ending = new Ending(within::asked);
        String reason = "error";
        try {
            RelayTap lines = tap(kind, given.files, context, recorder);
            RelayTap tap = recording == null ? lines : new RecordedTap(lines, recording);
            if (messages != null) {
                messages.sayThatX11IsRefused();
                sayThatItIsRecorded(kind, recording);
            }
            side.beginning();
            Relay relay =
                    host.start(
                            side.request(),
                            end -> new Relay(side.end(), end, tap, ending, RESUME, fromMenu));
            LiveSession session =
                    new LiveSession(
                            relay,
                            messages,
                            limit(kind),
                            new AboutSession(context, kind, start, recording));
            RelayEnd end;
            parts.registry().add(session);
            try {
                side.handOver(relay);
                parts.directory().recordUse(visitor.user(), target, parts.clock().instant());
                end = ending.await();
                side.takeBack();
            } finally {
                parts.registry().remove(session);
            }
            reason = ending.exit() != null ? "exited" : end.reason();
            return new TargetOutcome.Ended(ending.exit(), end.detail());
        } catch (HostRefusedException e) {
            HostConnections.Failed failed = failed(target, e);
            reason = failed.reason();
            return refuse(target.toString(), reason, failed.sentence(), fromMenu);
        } finally {
            end(recording, reason, ending.exit());
            ended(context, reason, ending);
        }
    }

    /** What a person sees on a terminal; the data of programs is not recorded. */
    private boolean isRecorded(SessionKind kind) {
        return kind != SessionKind.SFTP && side.terminal() != null && RECORDS;
    }

    private Recording record(SessionContext context, SessionKind kind, Instant start)
            throws RecordingException {
        Terminal terminal = Objects.requireNonNull(side.terminal());
        return parts.recordings()
                .begin(
                        new RecordingHeader.Subject(
                                context,
                                kind.word(),
                                terminal.type(),
                                terminal.columns(),
                                terminal.rows()),
                        start);
    }

    /** Before the host's first byte; not where a program may read the output. */
    private void sayThatItIsRecorded(SessionKind kind, @Nullable Recording recording) {
        if (messages != null
                && recording != null
                && kind == SessionKind.SHELL
                && !parts.recordingNotice().isEmpty()) {
            messages.say(parts.recordingNotice().replace("\n", "\r\n"));
        }
    }

    private static void end(
            @Nullable Recording recording, String reason, @Nullable ChannelRequest exit) {
        if (recording == null) {
            return;
        }
        Integer status = exit == null ? null : TargetOutcome.status(exit);
        String signal = exit == null ? null : TargetOutcome.signal(exit);
        String said =
                status != null
                        ? "exit-status " + status + " "
                        : signal != null ? "exit-signal " + signal + " " : "";
        var _ = recording.end(said + reason);
    }

    private LiveSession.Limit limit(SessionKind kind) {
        return new LiveSession.Limit(
                new SessionClock(parts.limits(), System.nanoTime()),
                side.terminal() != null,
                kind != SessionKind.SFTP);
    }

    private RelayTap tap(
            SessionKind kind, FileRights files, SessionContext context, SessionRecorder recorder) {
        Terminal terminal = side.terminal();
        Optional<ScpCommand> scp =
                kind == SessionKind.EXEC && terminal == null
                        ? ScpCommand.of(side.request().command())
                        : Optional.empty();
        if (kind != SessionKind.SFTP && scp.isEmpty()) {
            boolean shell = kind == SessionKind.SHELL;
            return terminal == null
                    ? new ScriptTap(recorder, shell)
                    : new ShellTap(
                            recorder,
                            parts.random(),
                            terminal.columns(),
                            terminal.rows(),
                            shell ? 0 : 1,
                            System::nanoTime);
        }
        FileRecorder fileRecorder = new FileRecorder(parts.log(), context, parts.clock());
        return scp.<RelayTap>map(command -> new ScpTap(fileRecorder, command))
                .orElseGet(() -> new SftpTap(fileRecorder, files));
    }

    /**
     * The start of the session, and the command of an exec, in the ledger before the host hears of
     * it.
     */
    private boolean durableStart(
            SessionContext context, SessionKind kind, Instant start, SessionRecorder recorder) {
        CompletableFuture<?> durable =
                parts.log().append(new AuditRecord.SessionStarted(start, context, kind));
        if (kind == SessionKind.EXEC) {
            durable = recorder.exec(side.request().command());
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

    /** The end is recorded after the last line of the session. */
    private void ended(SessionContext context, String reason, Ending ending) {
        @Nullable ChannelRequest exit = ending.exit();
        AuditRecord record =
                new AuditRecord.SessionEnded(
                        parts.clock().instant(),
                        context,
                        reason,
                        exit == null ? null : TargetOutcome.status(exit),
                        exit == null ? null : TargetOutcome.signal(exit));
        ending.recorded()
                .thenCompose(lines -> parts.log().append(record))
                .exceptionally(failure -> {
                    LOG.warn("the end of session {} was not recorded", context, failure);
                    return null;
                });
    }

    private TargetOutcome refuse(String target, String reason, String sentence, boolean fromMenu) {
        refusals.record(target, reason, sentence);
        return tell(sentence, fromMenu);
    }

    private TargetOutcome tell(String sentence, boolean fromMenu) {
        if (!fromMenu) {
            teller.accept(sentence);
        }
        return new TargetOutcome.NotReached(sentence);
    }
}
