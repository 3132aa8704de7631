package dev.bastion.server.console;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.Asciicast;
import dev.bastion.audit.recording.RecordingEnd;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.RecordingReader;
import dev.bastion.audit.recording.TextExport;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code audit export}: records or a recording for other programs. */
@Command(
        name = "export",
        description =
                "Writes every record (--format json or csv), a session's recording, or the ledger"
                        + " (--ledger) to standard output.")
final class ExportCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "of a session")
    private @Nullable String id;

    @Option(
            names = "--format",
            paramLabel = "F",
            description =
                    "of records: json (the default) or csv; of a recording: asciicast (version 2,"
                            + " the default), asciicast-v3, text (what was shown, by line)")
    private @Nullable String format;

    @Option(names = "--user", paramLabel = "U")
    private @Nullable String user;

    @Option(names = "--host", paramLabel = "H")
    private @Nullable String host;

    @Option(names = "--since", paramLabel = "T")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "T")
    private @Nullable String until;

    @Option(
            names = "--ledger",
            description = "the ledger itself, as a tar file that bastion-verify verifies")
    private boolean ledger;

    @Option(names = "--recordings", description = "with --ledger: the recordings, too")
    private boolean recordings;

    ExportCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        context.consultAudit();
        if (ledger) {
            return evidence();
        }
        if (recordings) {
            throw new UsageException("--recordings goes with --ledger");
        }
        return id == null ? records() : recording(AuditFilter.session(id));
    }

    private int evidence() throws IOException {
        boolean chosen = id != null || format != null || user != null || host != null;
        if (chosen || since != null || until != null) {
            throw new UsageException("--ledger exports the whole ledger, nothing chosen of it");
        }
        if (context.terminal()) {
            throw new UsageException("an export is no text for a terminal: send it to a file");
        }
        context.evidence().export(context.rawOut(), recordings);
        return 0;
    }

    private int records() {
        Format written =
                switch (format == null ? "json" : format) {
                    case "json" -> Format.JSON;
                    case "csv" -> Format.CSV;
                    default ->
                            throw new UsageException(
                                    "--format of records is json or csv; with a session's ID its"
                                            + " recording is written");
                };
        if (since == null && (user != null || host != null)) {
            context.err().print("note: the whole ledger is read for this; --since narrows it\n");
        }
        new EntryExport(
                        context,
                        new Query(
                                user,
                                host,
                                null,
                                null,
                                since == null ? null : TimeArgument.past(since, context.now()),
                                until == null ? null : TimeArgument.past(until, context.now()),
                                null,
                                0))
                .write(written);
        return 0;
    }

    private int recording(SessionId session) {
        if (user != null || host != null || since != null || until != null) {
            throw new UsageException(
                    "--user, --host, --since and --until choose records, not the parts of a recording");
        }
        try (RecordingReader recording = context.parts().recordings().read(session)) {
            RecordingEnd end =
                    switch (format == null ? "asciicast" : format) {
                        case "asciicast" -> asciicast(recording, Asciicast.Version.V2);
                        case "asciicast-v3" -> asciicast(recording, Asciicast.Version.V3);
                        case "text" ->
                                new TextExport(line -> context.out().line(line)).write(recording);
                        default ->
                                throw new UsageException(
                                        "--format of a recording is asciicast, asciicast-v3 or"
                                                + " text");
                    };
            return RecordingEnds.tell(context, session, end);
        } catch (RecordingException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private RecordingEnd asciicast(RecordingReader recording, Asciicast.Version version)
            throws RecordingException {
        return new Asciicast(version, line -> context.out().print(line + "\n")).write(recording);
    }
}
