package dev.bastion.server.console;

import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditReader.SessionRow;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import java.time.Instant;
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
        try (Rows rows =
                Rows.of(
                        filter.format(),
                        context.out(),
                        AuditColumns.COMMANDS,
                        AuditColumns.COMMANDS_IN_TABLE)) {
            reader().commands(query, row -> AuditColumns.command(rows, row));
        }
    }

    @Command(description = "Lists sessions, newest last.")
    void sessions(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows =
                Rows.of(
                        filter.format(),
                        context.out(),
                        AuditColumns.SESSIONS,
                        AuditColumns.SESSIONS_IN_TABLE)) {
            reader().sessions(query, row -> AuditColumns.session(rows, row));
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
        try (Rows rows =
                Rows.of(
                        filter.format(),
                        context.out(),
                        AuditColumns.FILES,
                        AuditColumns.FILES_IN_TABLE)) {
            reader().files(asked, file -> AuditColumns.file(rows, file));
        }
    }

    @Command(description = "Lists connections forwarded through hosts, newest last.")
    void forwards(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows = context.rows(filter.format(), AuditColumns.FORWARDS)) {
            reader().forwards(query, forward -> AuditColumns.forward(rows, forward));
        }
    }

    @Command(description = "Lists attempts to log in, newest last.")
    void logins(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows = context.rows(filter.format(), AuditColumns.LOGINS)) {
            reader().logins(query, login -> AuditColumns.login(rows, login));
        }
    }

    @Command(description = "Lists what administrators changed, newest last.")
    void changes(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows = context.rows(filter.format(), AuditColumns.CHANGES)) {
            reader().changes(query, change -> AuditColumns.change(rows, change));
        }
    }

    @Command(description = "Lists targets that were asked for and not given, newest last.")
    void refusals(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows = context.rows(filter.format(), AuditColumns.REFUSALS)) {
            reader().refusals(query, refusal -> AuditColumns.refusal(rows, refusal));
        }
    }

    @Command(
            description =
                    "Lists what auditors and administrators looked at, newest last; --grep: in"
                            + " their commands.")
    void questions(@Mixin AuditFilter filter) {
        context.consultAudit();
        Query query = filter.query(context);
        try (Rows rows = context.rows(filter.format(), AuditColumns.QUESTIONS)) {
            reader().questions(query, question -> AuditColumns.question(rows, question));
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
            case TABLE -> SessionStory.tell(row, refused(row), context.out());
            case JSON -> {
                try (Rows rows =
                        Rows.of(
                                format,
                                context.out(),
                                AuditColumns.SESSIONS,
                                AuditColumns.SESSIONS_IN_TABLE)) {
                    AuditColumns.session(rows, row);
                }
            }
            case CSV -> {}
        }
        done(row.start().kind(), new Query(null, null, null, session, null, null, null, 0), format);
        if (format == Format.TABLE) {
            lookedAt(row);
        }
    }

    /** What it wanted and did not get: that is recorded with the time of its start. */
    private List<String> refused(SessionRow row) {
        SessionContext of = row.start().context();
        Instant since = row.start().time().minusSeconds(1);
        Instant until = row.start().time().plusSeconds(1);
        List<String> sentences = new ArrayList<>();
        reader().refusals(
                        new Query(of.user(), null, null, null, since, until, null, 0),
                        refusal -> refusal.within(of.session()).ifPresent(sentences::add));
        return sentences;
    }

    /** Who asked for this session by its name: watched it, played it, cut it and why. */
    private void lookedAt(SessionRow row) {
        Pattern name = Pattern.compile("\\b" + row.start().context().session().value() + "\\b");
        Query query =
                new Query(null, null, null, null, row.start().time(), null, name, MOST_LOOKED);
        context.out().print("\n");
        try (Rows rows = context.rows(Format.TABLE, AuditColumns.QUESTIONS)) {
            reader().questions(query, question -> AuditColumns.question(rows, question));
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
                try (Rows rows = Rows.of(format, context.out(), AuditColumns.FORWARDS, inTable)) {
                    reader().forwards(query, forward -> AuditColumns.forward(rows, forward));
                }
            }
        }
    }

    private void commandsOf(Query query, Format format) {
        List<String> inTable = List.of("time", "seq", "exit", "command");
        try (Rows rows = Rows.of(format, context.out(), AuditColumns.COMMANDS, inTable)) {
            reader().commands(query, command -> AuditColumns.command(rows, command));
        }
    }

    private void filesOf(Query query, Format format) {
        List<String> inTable = List.of("time", "operation", "result", "bytes", "path", "target");
        try (Rows rows = Rows.of(format, context.out(), AuditColumns.FILES, inTable)) {
            reader().files(query, file -> AuditColumns.file(rows, file));
        }
    }

    private AuditReader reader() {
        return context.parts().auditReader();
    }
}
