package dev.bastion.server.console;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditReader.SessionRow;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.Recording;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.server.replay.LiveView;
import dev.bastion.server.replay.ReplayTerminal;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sessions}: who is where now. Each use is itself recorded. */
@Command(name = "sessions", description = "Sessions under way and past: list, watch, cut.")
final class SessionsCommands {

    private static final List<String> COLUMNS =
            List.of(
                    "id",
                    "state",
                    "user",
                    "from",
                    "host",
                    "account",
                    "kind",
                    "start",
                    "end",
                    "reason",
                    "idle",
                    "recording");
    private static final List<String> IN_TABLE =
            List.of(
                    "id",
                    "state",
                    "user",
                    "host",
                    "account",
                    "kind",
                    "start",
                    "end",
                    "idle",
                    "recording");
    private static final int LONGEST_REASON = 200;

    private final CommandContext context;

    SessionsCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Lists sessions, newest last; state: live, ended, lost.")
    void list(
            @Mixin AuditFilter filter,
            @Option(names = "--live", description = "only those under way") boolean onlyLive) {
        context.consultAudit();
        Query query = onlyLive ? filter.query(context.now()) : filter.query(context);
        if (onlyLive && (query.grep() != null || query.text() != null || query.result() != null)) {
            throw new UsageException(
                    "--grep, --text and --result are not taken with --live: they are about what is"
                            + " recorded");
        }
        Map<SessionId, LiveSessions.Live> live = new LinkedHashMap<>();
        for (LiveSessions.Live each : context.parts().sessions().list()) {
            live.put(each.context().session(), each);
        }
        try (Rows rows = Rows.of(filter.format(), context.out(), COLUMNS, IN_TABLE)) {
            if (onlyLive) {
                List<LiveSessions.Live> found =
                        live.values().stream().filter(each -> matches(query, each)).toList();
                int left = query.limit() == 0 ? 0 : Math.max(0, found.size() - query.limit());
                found.stream().skip(left).forEach(each -> live(rows, each));
                return;
            }
            context.parts()
                    .auditReader()
                    .sessions(
                            query,
                            row -> {
                                LiveSessions.Live now = live.get(row.start().context().session());
                                if (now != null && row.end() == null) {
                                    live(rows, now);
                                } else {
                                    past(rows, row);
                                }
                            });
        }
    }

    private static boolean matches(Query query, LiveSessions.Live live) {
        SessionContext of = live.context();
        return (query.user() == null || query.user().equals(of.user()))
                && (query.host() == null || query.host().equals(of.host()))
                && (query.account() == null || query.account().equals(of.account()))
                && (query.kind() == null || query.kind() == live.kind())
                && (query.session() == null || query.session().equals(of.session()))
                && (query.since() == null || !live.start().isBefore(query.since()))
                && (query.until() == null || live.start().isBefore(query.until()));
    }

    private static void live(Rows rows, LiveSessions.Live live) {
        SessionContext of = live.context();
        Duration idle = live.idle();
        rows.row(
                of.session().value(),
                "live",
                of.user(),
                of.from(),
                of.host(),
                of.account(),
                live.kind().word(),
                live.start(),
                null,
                null,
                idle == null ? null : idle.toSeconds(),
                live.recorded() ? of.session().value() + Recordings.SUFFIX : null);
    }

    private static void past(Rows rows, SessionRow row) {
        SessionContext of = row.start().context();
        AuditRecord.SessionEnded end = row.end();
        AuditRecord.RecordingClosed recording = row.recording();
        rows.row(
                of.session().value(),
                end == null ? "lost" : "ended",
                of.user(),
                of.from(),
                of.host(),
                of.account(),
                row.start().kind().word(),
                row.start().time(),
                end == null ? null : end.time(),
                end == null ? null : end.reason(),
                null,
                recording == null ? null : recording.file());
    }

    @Command(
            description =
                    "Shows a session while it goes on, on your terminal: over SSH with -t, not by"
                            + " 'bastion admin'.")
    int watch(@Parameters(paramLabel = "ID") String id) {
        ReplayTerminal terminal = context.screen("'audit export " + id + "' for what was shown");
        context.consultAudit();
        SessionId session = AuditFilter.session(id);
        Recording recording =
                context.parts()
                        .recordings()
                        .live(session)
                        .orElseThrow(() -> new RefusedException(notWatched(session)));
        try {
            String ended =
                    new LiveView(
                                    context.parts().recordings(),
                                    recording,
                                    terminal,
                                    PlayCommand.title(recording.header().subject().context()))
                            .run();
            if (ended != null) {
                context.err().line("the session has ended: " + ended);
            }
            return 0;
        } catch (RecordingException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ClientLeftException(e);
        }
    }

    private String notWatched(SessionId session) {
        boolean goesOn =
                context.parts().sessions().list().stream()
                        .anyMatch(live -> live.context().session().equals(session));
        return goesOn
                ? "session " + session + " has no terminal, so there is nothing to watch"
                : "session " + session + " is not under way";
    }

    @Command(description = "Ends a session; its operator is told who did, and why.")
    void cut(
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--reason",
                            paramLabel = "TEXT",
                            required = true,
                            description = "for the record and the operator")
                    @Nullable String reason) {
        String why = reason == null ? "" : reason.strip();
        if (why.isEmpty() || why.length() > LONGEST_REASON) {
            throw new UsageException("--reason must have 1 to " + LONGEST_REASON + " characters");
        }
        context.consultAudit();
        SessionId session = AuditFilter.session(id);
        String sentence = context.caller().name() + " ended this session: " + why;
        if (!context.parts().sessions().cut(session, sentence)) {
            throw new RefusedException("session " + session + " is not under way");
        }
        context.out().print("session " + session + " is cut\n");
    }
}
