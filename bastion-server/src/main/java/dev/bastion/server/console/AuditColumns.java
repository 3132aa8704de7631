package dev.bastion.server.console;

import dev.bastion.audit.AuditReader.CommandRow;
import dev.bastion.audit.AuditReader.ForwardRow;
import dev.bastion.audit.AuditReader.SessionRow;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import java.util.List;

/** The columns of each list of the audit log, and a record as a row of them. */
final class AuditColumns {

    static final List<String> COMMANDS =
            List.of(
                    "time",
                    "user",
                    "from",
                    "host",
                    "account",
                    "session",
                    "seq",
                    "kind",
                    "command",
                    "keystrokes",
                    "exit",
                    "line",
                    "source",
                    "confidence",
                    "at");
    static final List<String> COMMANDS_IN_TABLE =
            List.of("time", "user", "host", "account", "session", "kind", "exit", "command");
    static final List<String> SESSIONS =
            List.of(
                    "id",
                    "user",
                    "from",
                    "host",
                    "account",
                    "kind",
                    "start",
                    "end",
                    "reason",
                    "exit",
                    "recording");
    static final List<String> FILES =
            List.of(
                    "time",
                    "user",
                    "host",
                    "account",
                    "session",
                    "operation",
                    "path",
                    "target",
                    "bytes",
                    "sha256",
                    "result");
    static final List<String> FILES_IN_TABLE =
            List.of(
                    "time",
                    "user",
                    "host",
                    "account",
                    "operation",
                    "result",
                    "bytes",
                    "path",
                    "target");
    static final List<String> FORWARDS =
            List.of(
                    "time",
                    "user",
                    "from",
                    "host",
                    "account",
                    "session",
                    "direction",
                    "destination",
                    "end",
                    "toHost",
                    "toOperator");
    static final List<String> SESSIONS_IN_TABLE = SESSIONS.subList(0, SESSIONS.size() - 1);

    static final List<String> LOGINS =
            List.of(
                    "time",
                    "user",
                    "from",
                    "connection",
                    "method",
                    "credential",
                    "accepted",
                    "reason");
    static final List<String> CHANGES =
            List.of("time", "actor", "from", "action", "subject", "before", "after");
    static final List<String> REFUSALS =
            List.of("time", "user", "from", "connection", "target", "reason", "detail");
    static final List<String> QUESTIONS = List.of("time", "actor", "from", "permitted", "question");

    private AuditColumns() {}

    static void command(Rows rows, CommandRow row) {
        AuditRecord.CommandEntered command = row.record();
        SessionContext of = command.context();
        LineKind line = row.line();
        rows.row(
                command.time(),
                of.user(),
                of.from(),
                of.host(),
                of.account(),
                of.session().value(),
                command.seq(),
                command.kind().word(),
                command.command(),
                command.keystrokes(),
                row.exit(),
                line == null ? null : line.word(),
                row.source(),
                row.confidence(),
                row.at());
    }

    static void session(Rows rows, SessionRow row) {
        SessionContext of = row.start().context();
        AuditRecord.SessionEnded end = row.end();
        AuditRecord.RecordingClosed recording = row.recording();
        rows.row(
                of.session().value(),
                of.user(),
                of.from(),
                of.host(),
                of.account(),
                row.start().kind().word(),
                row.start().time(),
                end == null ? null : end.time(),
                end == null ? null : end.reason(),
                end == null ? null : end.exit(),
                recording == null ? null : recording.file());
    }

    static void file(Rows rows, AuditRecord.FileOperated file) {
        SessionContext of = file.context();
        rows.row(
                file.time(),
                of.user(),
                of.host(),
                of.account(),
                of.session().value(),
                file.operation(),
                file.path(),
                file.target(),
                file.bytes(),
                file.sha256(),
                file.result());
    }

    static void forward(Rows rows, ForwardRow row) {
        AuditRecord.ForwardOpened opened = row.opened();
        AuditRecord.ForwardClosed closed = row.closed();
        SessionContext of = opened.context();
        rows.row(
                opened.time(),
                of.user(),
                of.from(),
                of.host(),
                of.account(),
                of.session().value(),
                opened.direction(),
                opened.destination(),
                closed == null ? null : closed.time(),
                closed == null ? null : closed.toHost(),
                closed == null ? null : closed.toOperator());
    }

    static void login(Rows rows, AuditRecord.LoginAttempted login) {
        rows.row(
                login.time(),
                login.user(),
                login.from(),
                login.connection().value(),
                login.method(),
                login.credential(),
                login.accepted(),
                login.reason());
    }

    static void change(Rows rows, AuditRecord.ConfigurationChanged change) {
        rows.row(
                change.time(),
                change.actor(),
                change.from(),
                change.action(),
                change.subject(),
                change.before(),
                change.after());
    }

    static void refusal(Rows rows, AuditRecord.TargetRefused refusal) {
        rows.row(
                refusal.time(),
                refusal.user(),
                refusal.from(),
                refusal.connection().value(),
                refusal.target(),
                refusal.reason(),
                refusal.detail());
    }

    static void question(Rows rows, AuditRecord.AuditConsulted question) {
        rows.row(
                question.time(),
                question.actor(),
                question.from(),
                question.permitted(),
                question.query());
    }
}
