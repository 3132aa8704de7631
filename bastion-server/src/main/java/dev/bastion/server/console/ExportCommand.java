package dev.bastion.server.console;

import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.Asciicast;
import dev.bastion.audit.recording.RecordingEnd;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.RecordingReader;
import dev.bastion.audit.recording.TextExport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code audit export}: a recording for other programs. */
@Command(name = "export", description = "Writes a session's recording to standard output.")
final class ExportCommand implements Callable<Integer> {

    /** What other programs read. */
    enum ExportFormat {
        ASCIICAST,
        ASCIICAST_V3,
        TEXT;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    private final CommandContext context;

    @Parameters(paramLabel = "ID", description = "of the session")
    private String id = "";

    @Option(
            names = "--format",
            defaultValue = "asciicast",
            converter = FormatName.class,
            description = "asciicast (version 2), asciicast-v3, text (what was shown, by line)")
    private ExportFormat format = ExportFormat.ASCIICAST;

    ExportCommand(CommandContext context) {
        this.context = context;
    }

    /** The formats by their names. */
    static final class FormatName implements ITypeConverter<ExportFormat> {
        @Override
        public ExportFormat convert(String value) {
            for (ExportFormat format : ExportFormat.values()) {
                if (format.toString().equals(value)) {
                    return format;
                }
            }
            throw new TypeConversionException("it is asciicast, asciicast-v3 or text");
        }
    }

    @Override
    public Integer call() {
        context.consultAudit();
        SessionId session = AuditFilter.session(id);
        try (RecordingReader recording = context.parts().recordings().read(session)) {
            RecordingEnd end =
                    switch (format) {
                        case ASCIICAST -> asciicast(recording, Asciicast.Version.V2);
                        case ASCIICAST_V3 -> asciicast(recording, Asciicast.Version.V3);
                        case TEXT ->
                                new TextExport(line -> context.out().line(line)).write(recording);
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
