package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditReader.CommandRow;
import dev.bastion.audit.AuditReader.ForwardRow;
import dev.bastion.audit.AuditReader.SessionRow;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.words.WordQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The tables of the schema as records. */
final class Listings {

    private static final String CONTEXT =
            "t.at, t.connection_id, t.session_id, t.user_name, t.from_address, t.host, t.account";

    private static final String ALL = "1 = 1";

    static final Listing<CommandRow> COMMANDS =
            new Listing<>(
                    "command",
                    CONTEXT
                            + ", t.kind, t.seq,"
                            + " coalesce(l.keystrokes, j.keystrokes, t.keystrokes) as keystrokes,"
                            + " coalesce(l.command, j.command, t.command) as command, l.line,"
                            + " coalesce(l.source, t.source) as source,"
                            + " coalesce(l.confidence, t.confidence) as confidence,"
                            + " coalesce(l.masked, t.masked) as masked,"
                            + " coalesce(l.recording_at, t.recording_at) as recording_at,"
                            + " case when t.kind = 'exec' then"
                            + " (select max(e.exit_status) from audit.session_end e"
                            + " where e.session_id = t.session_id) end as exit_status",
                    "left join audit.command_judgement j on j.session_id = t.session_id"
                            + " and j.seq = t.seq"
                            + " left join audit.command_line l on l.session_id = t.session_id"
                            + " and l.seq = t.seq",
                    "(t.source is null or coalesce(l.command, t.command) <> '')",
                    "user_name",
                    true,
                    true,
                    "t.kind = 'exec' and exists (select 1 from audit.session_end x"
                            + " where x.session_id = t.session_id"
                            + " and cast(x.exit_status as varchar) = ?)",
                    WordQuery.Kind.COMMAND,
                    Listings::command);

    static final Listing<SessionRow> SESSIONS =
            new Listing<>(
                    "session_start",
                    CONTEXT
                            + ", t.kind, e.at as end_at, e.reason as end_reason, e.exit_status,"
                            + " e.exit_signal, r.at as recording_time, r.file as recording_file,"
                            + " r.bytes, r.sha256, r.complete",
                    "left join audit.session_end e on e.session_id = t.session_id and e.entry ="
                            + " (select min(f.entry) from audit.session_end f"
                            + " where f.session_id = t.session_id)"
                            + " left join audit.recording r on r.session_id = t.session_id and"
                            + " r.entry = (select min(f.entry) from audit.recording f"
                            + " where f.session_id = t.session_id)",
                    ALL,
                    "user_name",
                    true,
                    true,
                    "e.reason = ?",
                    null,
                    Listings::session);

    static final Listing<AuditRecord.FileOperated> FILES =
            new Listing<>(
                    "file_operation",
                    CONTEXT + ", t.operation, t.path, t.target, t.bytes, t.sha256, t.result",
                    "",
                    ALL,
                    "user_name",
                    true,
                    false,
                    "t.result = ?",
                    WordQuery.Kind.FILE,
                    Listings::file);

    static final Listing<ForwardRow> FORWARDS =
            new Listing<>(
                    "forward_open",
                    CONTEXT
                            + ", t.direction, t.destination, e.at as end_at, e.to_host,"
                            + " e.to_operator",
                    "left join audit.forward_close e on e.session_id = t.session_id",
                    ALL,
                    "user_name",
                    true,
                    false,
                    null,
                    null,
                    Listings::forward);

    static final Listing<AuditRecord.LoginAttempted> LOGINS =
            new Listing<>(
                    "login",
                    "t.at, t.connection_id, t.user_name, t.from_address, t.method, t.credential,"
                            + " t.accepted, t.reason",
                    "",
                    ALL,
                    "user_name",
                    false,
                    false,
                    null,
                    null,
                    Listings::login);

    static final Listing<AuditRecord.ConfigurationChanged> CHANGES =
            new Listing<>(
                    "configuration_change",
                    "t.at, t.actor, t.from_address, t.action, t.subject, t.before_state,"
                            + " t.after_state",
                    "",
                    ALL,
                    "actor",
                    false,
                    false,
                    null,
                    null,
                    Listings::change);

    static final Listing<AuditRecord.TargetRefused> REFUSALS =
            new Listing<>(
                    "target_refused",
                    "t.at, t.connection_id, t.user_name, t.from_address, t.target, t.reason,"
                            + " t.detail",
                    "",
                    ALL,
                    "user_name",
                    false,
                    false,
                    "t.reason = ?",
                    null,
                    Listings::refusal);

    static final Listing<AuditRecord.AuditConsulted> QUESTIONS =
            new Listing<>(
                    "audit_consulted",
                    "t.at, t.actor, t.from_address, t.query, t.permitted",
                    "",
                    ALL,
                    "actor",
                    false,
                    false,
                    null,
                    null,
                    Listings::question);

    private Listings() {}

    private static CommandRow command(ResultSet row) throws SQLException {
        return new CommandRow(
                new SequenceNumber(row.getLong("entry")),
                new AuditRecord.CommandEntered(
                        instant(row, "at"),
                        context(row),
                        row.getLong("seq"),
                        kind(row),
                        row.getString("keystrokes"),
                        row.getString("command"),
                        textOrEmpty(row, "masked")),
                integer(row, "exit_status"),
                line(row),
                row.getString("source"),
                row.getObject("confidence", Double.class),
                row.getObject("recording_at", Long.class));
    }

    private static SessionRow session(ResultSet row) throws SQLException {
        SessionContext context = context(row);
        AuditRecord.SessionEnded end =
                row.getObject("end_at") == null
                        ? null
                        : new AuditRecord.SessionEnded(
                                instant(row, "end_at"),
                                context,
                                row.getString("end_reason"),
                                integer(row, "exit_status"),
                                row.getString("exit_signal"));
        return new SessionRow(
                new SequenceNumber(row.getLong("entry")),
                new AuditRecord.SessionStarted(instant(row, "at"), context, kind(row)),
                end,
                recording(row, context));
    }

    private static AuditRecord.@Nullable RecordingClosed recording(
            ResultSet row, SessionContext context) throws SQLException {
        String file = row.getString("recording_file");
        return file == null
                ? null
                : new AuditRecord.RecordingClosed(
                        instant(row, "recording_time"),
                        context,
                        file,
                        row.getLong("bytes"),
                        row.getString("sha256"),
                        row.getBoolean("complete"));
    }

    private static AuditRecord.FileOperated file(ResultSet row) throws SQLException {
        return new AuditRecord.FileOperated(
                instant(row, "at"),
                context(row),
                row.getString("operation"),
                row.getString("path"),
                row.getString("target"),
                row.getObject("bytes", Long.class),
                row.getString("sha256"),
                row.getString("result"));
    }

    private static ForwardRow forward(ResultSet row) throws SQLException {
        SessionContext context = context(row);
        AuditRecord.ForwardClosed closed =
                row.getObject("end_at") == null
                        ? null
                        : new AuditRecord.ForwardClosed(
                                instant(row, "end_at"),
                                context,
                                row.getLong("to_host"),
                                row.getLong("to_operator"));
        return new ForwardRow(
                new AuditRecord.ForwardOpened(
                        instant(row, "at"),
                        context,
                        row.getString("direction"),
                        row.getString("destination")),
                closed);
    }

    private static AuditRecord.LoginAttempted login(ResultSet row) throws SQLException {
        return new AuditRecord.LoginAttempted(
                instant(row, "at"),
                new ConnectionId(row.getString("connection_id")),
                row.getString("user_name"),
                row.getString("from_address"),
                row.getString("method"),
                row.getString("credential"),
                row.getBoolean("accepted"),
                row.getString("reason"));
    }

    private static AuditRecord.ConfigurationChanged change(ResultSet row) throws SQLException {
        return new AuditRecord.ConfigurationChanged(
                instant(row, "at"),
                row.getString("actor"),
                row.getString("from_address"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("before_state"),
                row.getString("after_state"));
    }

    private static AuditRecord.TargetRefused refusal(ResultSet row) throws SQLException {
        return new AuditRecord.TargetRefused(
                instant(row, "at"),
                new ConnectionId(row.getString("connection_id")),
                row.getString("user_name"),
                row.getString("from_address"),
                row.getString("target"),
                row.getString("reason"),
                row.getString("detail"));
    }

    private static AuditRecord.AuditConsulted question(ResultSet row) throws SQLException {
        return new AuditRecord.AuditConsulted(
                instant(row, "at"),
                row.getString("actor"),
                row.getString("from_address"),
                row.getString("query"),
                row.getBoolean("permitted"));
    }

    private static SessionContext context(ResultSet row) throws SQLException {
        return new SessionContext(
                new ConnectionId(row.getString("connection_id")),
                new SessionId(row.getString("session_id")),
                row.getString("user_name"),
                row.getString("from_address"),
                row.getString("host"),
                row.getString("account"));
    }

    private static SessionKind kind(ResultSet row) throws SQLException {
        return SessionKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
    }

    private static @Nullable LineKind line(ResultSet row) throws SQLException {
        String word = row.getString("line");
        return word == null ? null : LineKind.of(word);
    }

    private static String textOrEmpty(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }
}
