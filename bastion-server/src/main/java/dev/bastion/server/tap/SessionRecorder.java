package dev.bastion.server.tap;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionKind;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes the records of one session's lines, and appends them. Thread-safe. */
public final class SessionRecorder {

    private final AuditLog log;
    private final SessionContext context;
    private final InstantSource clock;

    public SessionRecorder(AuditLog log, SessionContext context, InstantSource clock) {
        this.log = log;
        this.context = context;
        this.clock = clock;
    }

    /** A line of a shell, not appended yet. */
    AuditRecord line(long seq, String keystrokes, String command) {
        return new AuditRecord.CommandEntered(
                clock.instant(), context, seq, SessionKind.SHELL, keystrokes, command);
    }

    /** What became of a line that was entered before its echo was there. */
    AuditRecord judged(long seq, String keystrokes, String command) {
        return new AuditRecord.CommandJudged(clock.instant(), context, seq, keystrokes, command);
    }

    /** The whole command of an exec; durable when the future completes. */
    public CompletableFuture<?> exec(String command) {
        return log.append(
                new AuditRecord.CommandEntered(
                        clock.instant(), context, 1, SessionKind.EXEC, "", command));
    }

    CompletableFuture<?> append(List<AuditRecord> records) {
        return log.appendAll(records);
    }
}
