package dev.bastion.server.console;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.jdbc.LedgerEvidence;
import dev.bastion.server.directory.DirectorySnapshot;
import dev.bastion.server.directory.Edit;
import dev.bastion.server.identity.Role;
import dev.bastion.server.inventory.InventoryException;
import dev.bastion.server.replay.ReplayTerminal;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one run of a command works with. Confined to one thread. */
final class CommandContext {

    /** How long a change waits for its record to be durable. */
    static final Duration LEDGER_WAIT = Duration.ofSeconds(5);

    private final ConsoleParts parts;
    private final Caller caller;
    private final List<String> words;
    private final ConsoleStreams streams;
    private final Output out;
    private final Output err;

    CommandContext(ConsoleParts parts, Caller caller, List<String> words, ConsoleStreams streams) {
        this.parts = parts;
        this.caller = caller;
        this.words = List.copyOf(words);
        this.streams = streams;
        this.out = new Output(streams.out());
        this.err = new Output(streams.err());
    }

    ConsoleParts parts() {
        return parts;
    }

    Caller caller() {
        return caller;
    }

    Output out() {
        return out;
    }

    Output err() {
        return err;
    }

    /** Standard output for what is no text. */
    OutputStream rawOut() {
        return streams.out();
    }

    /** What signs and verifies the ledger. */
    LedgerEvidence evidence() {
        LedgerEvidence evidence = parts.evidence();
        if (evidence == null) {
            throw new RefusedException("this ledger is not signed");
        }
        return evidence;
    }

    boolean terminal() {
        return streams.terminal();
    }

    /**
     * The terminal that is painted on.
     *
     * @param otherwise what can be done without one
     */
    ReplayTerminal screen(String otherwise) {
        ReplayTerminal screen = streams.screen();
        if (screen == null) {
            throw new UsageException(
                    "this needs a terminal over SSH, which 'bastion admin' has not: use 'ssh -t', or "
                            + otherwise);
        }
        return screen;
    }

    SecretInput input() {
        return new SecretInput(streams, err);
    }

    DirectorySnapshot snapshot() {
        return parts.directory().snapshot();
    }

    Instant now() {
        return parts.clock().instant();
    }

    Rows rows(Format format, List<String> columns) {
        return Rows.of(format, out, columns, columns);
    }

    void requireAdmin() {
        if (!caller.has(Role.ADMIN)) {
            throw new RefusedException("only administrators may do that; you are not one");
        }
    }

    /** Records that what auditors may see and not change is asked for, before it is shown. */
    void consultDirectory() {
        consult("only administrators and auditors may see that");
    }

    /** Records that the audit log is asked, before anything of it is shown. */
    void consultAudit() {
        consult("only auditors and administrators may read the audit log");
    }

    private void consult(String otherwise) {
        boolean permitted = caller.has(Role.AUDITOR) || caller.has(Role.ADMIN);
        boolean written =
                awaitDurable(
                        new AuditRecord.AuditConsulted(
                                now(),
                                caller.name(),
                                caller.from(),
                                parts.mask().mask(CommandWords.join(words)).text(),
                                permitted));
        if (!permitted) {
            throw new RefusedException(otherwise);
        }
        if (!written) {
            throw new RefusedException("the ledger cannot be written; nothing is shown");
        }
    }

    /**
     * Makes a change, after its record is durable.
     *
     * @param state what the record says of the subject; null where it does not exist
     */
    void change(
            String action,
            String subject,
            Edit edit,
            Function<DirectorySnapshot, @Nullable Object> state) {
        requireAdmin();
        AuditRecord.@Nullable ConfigurationChanged[] appended = {null};
        boolean committed = false;
        try {
            parts.directory()
                    .apply(
                            edit,
                            (before, after) -> {
                                AuditRecord.ConfigurationChanged record =
                                        changed(
                                                action,
                                                subject,
                                                json(state.apply(before)),
                                                json(state.apply(after)));
                                if (isUnwritable()) {
                                    throw unwritten();
                                }
                                appended[0] = record;
                                if (!awaitDurable(record)) {
                                    throw unwritten();
                                }
                            });
            committed = true;
        } finally {
            AuditRecord.ConfigurationChanged record = appended[0];
            if (!committed && record != null) {
                // It may yet reach the ledger: then this one right after it takes it back.
                var _ =
                        parts.auditLog()
                                .append(
                                        changed(
                                                action + " undone",
                                                subject,
                                                /* before= */ record.after(),
                                                /* after= */ record.before()));
            }
        }
    }

    private AuditRecord.ConfigurationChanged changed(
            String action, String subject, String before, String after) {
        return new AuditRecord.ConfigurationChanged(
                now(), caller.name(), caller.from(), action, subject, before, after);
    }

    private static InventoryException unwritten() {
        return new InventoryException("the ledger cannot be written; nothing was changed");
    }

    private static String json(@Nullable Object state) {
        return state == null ? "" : JsonText.of(state);
    }

    private boolean isUnwritable() {
        return parts.auditLog().state() instanceof AuditLogState.Unwritable;
    }

    private boolean awaitDurable(AuditRecord record) {
        try {
            parts.auditLog().append(record).get(LEDGER_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException | AuditLogException e) {
            return false;
        }
    }
}
