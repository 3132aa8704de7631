package dev.bastion.audit;

import java.time.Instant;
import java.util.List;

/** Records as examples: alice (session s1 on web1 as root) and whoever else is named. */
public final class Records {

    /** With more than microseconds, which the ledger keeps and the database does not. */
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");

    public static final ConnectionId CONNECTION = new ConnectionId("c1");

    private Records() {}

    public static SessionContext context(String user, String session, String host) {
        return new SessionContext(
                CONNECTION, new SessionId(session), user, "192.0.2.1", host, "root");
    }

    /** Line {@code seq} of session s1, a second after the one before. */
    public static AuditRecord.CommandEntered command(long seq) {
        return command("alice", "s1", "web1", seq, "command " + seq);
    }

    public static AuditRecord.CommandEntered command(
            String user, String session, String host, long seq, String text) {
        return new AuditRecord.CommandEntered(
                NOON.plusSeconds(seq),
                context(user, session, host),
                seq,
                SessionKind.SHELL,
                text,
                text);
    }

    /** One of each kind, with this text wherever there is room for one. */
    public static List<AuditRecord> ofEachKind(String text) {
        SessionContext context =
                new SessionContext(CONNECTION, new SessionId("s1"), text, text, text, text);
        return List.of(
                new AuditRecord.LoginAttempted(
                        NOON, CONNECTION, text, text, text, text, true, text),
                new AuditRecord.ConnectionEnded(NOON, CONNECTION, text, text, text),
                new AuditRecord.TargetRefused(NOON, CONNECTION, text, text, text, text, text),
                new AuditRecord.SessionStarted(NOON, context, SessionKind.SFTP),
                new AuditRecord.SessionEnded(NOON, context, text, -1, text),
                new AuditRecord.SessionEnded(NOON, context, text, null, null),
                new AuditRecord.CommandEntered(
                        NOON, context, Long.MAX_VALUE, SessionKind.EXEC, text, text),
                new AuditRecord.CommandEntered(
                        NOON, context, 1, SessionKind.SHELL, text, text, text),
                new AuditRecord.CommandJudged(NOON, context, 1, text, text),
                new AuditRecord.LineEntered(
                        NOON, context, 2, "^M", text, 0.25, text, text, text, null),
                new AuditRecord.LineEntered(NOON, context, 3, "", "", 0, "", "", "", null),
                new AuditRecord.LineEntered(
                        NOON, context, 4, "^C", text, 1, text, "", "", Long.MAX_VALUE),
                new AuditRecord.LineDecided(
                        NOON,
                        context,
                        2,
                        LineKind.NO_ECHO,
                        text,
                        text,
                        text,
                        0.5,
                        true,
                        text,
                        text),
                new AuditRecord.LineDecided(
                        NOON, context, 3, LineKind.NOTHING, "", "", "typed", 1, false, "", ""),
                new AuditRecord.LineDecided(
                        NOON,
                        context,
                        4,
                        LineKind.COMMAND,
                        text,
                        text,
                        text,
                        0.5,
                        true,
                        text,
                        text,
                        Long.MAX_VALUE),
                new AuditRecord.RecordingClosed(NOON, context, text, Long.MAX_VALUE, "00ff", true),
                new AuditRecord.ForwardOpened(NOON, context, text, text),
                new AuditRecord.ForwardClosed(NOON, context, 0, Long.MAX_VALUE),
                new AuditRecord.FileOperated(
                        NOON, context, "write", text, text, Long.MAX_VALUE, "00ff", "ok"),
                new AuditRecord.FileOperated(NOON, context, "list", text, "", null, null, "ok"),
                new AuditRecord.ConfigurationChanged(NOON, text, text, text, text, text, text),
                new AuditRecord.SigningKeyChanged(NOON, text, text, text, text),
                new AuditRecord.EntriesRemoved(NOON, 1, Long.MAX_VALUE, text, text),
                new AuditRecord.RecordingRemoved(NOON, new SessionId("s1"), text, text, text),
                new AuditRecord.HoldPlaced(
                        NOON, text, text, text, text, text, text, text, text, text, text),
                new AuditRecord.HoldReleased(NOON, text, text, text, text),
                new AuditRecord.AuditConsulted(NOON, text, text, text, false));
    }
}
