package dev.bastion.server.console;

import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditReader.CommandRow;
import dev.bastion.audit.AuditReader.ForwardRow;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditReader.SessionRow;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code audit}: who ran what, where, when. Each question is itself recorded. */
@Command(name = "audit", description = "The audit log: who ran what, where, when.")
final class AuditCommands {

    private static final List<String> COMMANDS =
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
    private static final List<String> COMMANDS_IN_TABLE =
            List.of("time", "user", "host", "account", "session", "kind", "exit", "command");
    private static final List<String> SESSIONS =
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
    private static final List<String> FILES =
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
    private static final List<String> FILES_IN_TABLE =
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
    private static final List<String> FORWARDS =
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
    private static final List<String> SESSIONS_IN_TABLE = SESSIONS.subList(0, SESSIONS.size() - 1);

    /** Who looked at a session, on its page: the newest of them. */
    private static final int MOST_LOOKED = 100;

    private final CommandContext context;

    AuditCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Lists commands, newest last.")
    void commands(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows = Rows.of(filter.format(), context.out(), COMMANDS, COMMANDS_IN_TABLE)) {
            reader().commands(query, row -> command(rows, row));
        }
    }

    @Command(description = "Lists sessions, newest last.")
    void sessions(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows = Rows.of(filter.format(), context.out(), SESSIONS, SESSIONS_IN_TABLE)) {
            reader().sessions(query, row -> session(rows, row));
        }
    }

    @Command(description = "Lists what was done to files on hosts, newest last.")
    void files(
            @Mixin AuditFilter filter,
            @Option(
                            names = "--path",
                            paramLabel = "PATH",
                            description = "a part of it, or a pattern for all of it with * ? [a-z]")
                    @Nullable String path) {
        context.consultAudit();
        Query query = filter.query(context, path != null);
        if (path != null && query.grep() != null) {
            throw new UsageException("--path and --grep are not taken together");
        }
        Query asked = path == null ? query : query.with(PathPattern.of(path));
        try (Rows rows = Rows.of(filter.format(), context.out(), FILES, FILES_IN_TABLE)) {
            reader().files(asked, file -> file(rows, file));
        }
    }

    @Command(description = "Lists connections forwarded through hosts, newest last.")
    void forwards(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows = context.rows(filter.format(), FORWARDS)) {
            reader().forwards(query, forward -> forward(rows, forward));
        }
    }

    @Command(description = "Lists attempts to log in, newest last.")
    void logins(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        List<String> columns =
                List.of(
                        "time",
                        "user",
                        "from",
                        "connection",
                        "method",
                        "credential",
                        "accepted",
                        "reason");
        try (Rows rows = context.rows(filter.format(), columns)) {
            reader().logins(query, login -> login(rows, login));
        }
    }

    @Command(description = "Lists what administrators changed, newest last.")
    void changes(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        List<String> columns =
                List.of("time", "actor", "from", "action", "subject", "before", "after");
        try (Rows rows = context.rows(filter.format(), columns)) {
            reader().changes(query, change -> change(rows, change));
        }
    }

    @Command(description = "Lists targets that were asked for and not given, newest last.")
    void refusals(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        List<String> columns =
                List.of("time", "user", "from", "connection", "target", "reason", "detail");
        try (Rows rows = context.rows(filter.format(), columns)) {
            reader().refusals(query, refusal -> refusal(rows, refusal));
        }
    }

    @Command(
            description =
                    "Lists what auditors and administrators looked at, newest last; --grep: in"
                            + " their commands.")
    void questions(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        List<String> columns = List.of("time", "actor", "from", "permitted", "question");
        try (Rows rows = context.rows(filter.format(), columns)) {
            reader().questions(query, question -> question(rows, question));
        }
    }

    @Command(description = "Shows a session and what was done in it; csv: the latter alone.")
    void show(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultAudit();
        SessionId session = AuditFilter.session(id);
        SessionRow row =
                reader().session(session)
                        .orElseThrow(() -> new RefusedException("there is no session " + id));
        switch (format) {
            case TABLE -> SessionStory.tell(row, context.out());
            case JSON -> {
                try (Rows rows = Rows.of(format, context.out(), SESSIONS, SESSIONS_IN_TABLE)) {
                    session(rows, row);
                }
            }
            case CSV -> {}
        }
        done(row.start().kind(), new Query(null, null, null, session, null, null, null, 0), format);
        if (format == Format.TABLE) {
            lookedAt(row);
        }
    }

    /** Who asked for this session by its name: watched it, played it, cut it and why. */
    private void lookedAt(SessionRow row) {
        Pattern name = Pattern.compile("\\b" + row.start().context().session().value() + "\\b");
        List<AuditRecord.AuditConsulted> found = new ArrayList<>();
        reader().questions(
                        new Query(
                                null,
                                null,
                                null,
                                null,
                                row.start().time(),
                                null,
                                name,
                                MOST_LOOKED),
                        found::add);
        context.out().print("\n");
        List<String> columns = List.of("time", "actor", "from", "permitted", "question");
        try (Rows rows = context.rows(Format.TABLE, columns)) {
            found.forEach(question -> question(rows, question));
        }
    }

    /** What was done in a session: it depends on the kind of it where that is found. */
    private void done(SessionKind kind, Query query, Format format) {
        switch (kind) {
            case SHELL -> commandsOf(query, format);
            case EXEC -> {
                commandsOf(query, format);
                List<AuditRecord.FileOperated> one = new ArrayList<>(1);
                reader().files(query.with(1), one::add);
                // The scp of old; lines of csv have the columns of commands.
                if (!one.isEmpty() && format != Format.CSV) {
                    context.out().print(format == Format.TABLE ? "\n" : "");
                    filesOf(query, format);
                }
            }
            case SFTP -> filesOf(query, format);
            case FORWARD -> {
                List<String> inTable =
                        List.of("time", "direction", "destination", "toHost", "toOperator");
                try (Rows rows = Rows.of(format, context.out(), FORWARDS, inTable)) {
                    reader().forwards(query, forward -> forward(rows, forward));
                }
            }
        }
    }

    private void commandsOf(Query query, Format format) {
        List<String> inTable = List.of("time", "seq", "exit", "command");
        try (Rows rows = Rows.of(format, context.out(), COMMANDS, inTable)) {
            reader().commands(query, command -> command(rows, command));
        }
    }

    private void filesOf(Query query, Format format) {
        List<String> inTable = List.of("time", "operation", "result", "bytes", "path", "target");
        try (Rows rows = Rows.of(format, context.out(), FILES, inTable)) {
            reader().files(query, file -> file(rows, file));
        }
    }

    private AuditReader reader() {
        return context.parts().auditReader();
    }

    private static void command(Rows rows, CommandRow row) {
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

    private static void session(Rows rows, SessionRow row) {
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

    private static void file(Rows rows, AuditRecord.FileOperated file) {
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

    private static void forward(Rows rows, ForwardRow row) {
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

    private static void login(Rows rows, AuditRecord.LoginAttempted login) {
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

    private static void change(Rows rows, AuditRecord.ConfigurationChanged change) {
        rows.row(
                change.time(),
                change.actor(),
                change.from(),
                change.action(),
                change.subject(),
                change.before(),
                change.after());
    }

    private static void refusal(Rows rows, AuditRecord.TargetRefused refusal) {
        rows.row(
                refusal.time(),
                refusal.user(),
                refusal.from(),
                refusal.connection().value(),
                refusal.target(),
                refusal.reason(),
                refusal.detail());
    }

    private static void question(Rows rows, AuditRecord.AuditConsulted question) {
        rows.row(
                question.time(),
                question.actor(),
                question.from(),
                question.permitted(),
                question.query());
    }
}
