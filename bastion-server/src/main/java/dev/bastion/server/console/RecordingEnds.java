package dev.bastion.server.console;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader.SessionRow;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.RecordingEnd;
import org.jspecify.annotations.Nullable;

/** What a person is told of a recording that was read to where it can be read. */
final class RecordingEnds {

    private static final String CUT_OFF =
            "the end of the recording was cut off: the ledger says that it was complete";

    private RecordingEnds() {}

    /**
     * Says on standard error what is missing.
     *
     * @return exit status: 1 when the recording is not what was recorded
     */
    static int tell(CommandContext context, SessionId session, RecordingEnd end) {
        return switch (end) {
            case RecordingEnd.Complete complete -> 0;
            case RecordingEnd.Damaged(String sentence) -> {
                context.err().line(sentence + "; what comes before it is as it was recorded");
                yield 1;
            }
            case RecordingEnd.Unfinished unfinished -> {
                if (context.parts().recordings().live(session).isPresent()) {
                    context.err().line("the session goes on; this is what is recorded by now");
                    yield 0;
                }
                SessionRow row = row(context, session);
                boolean wasComplete =
                        row != null && row.recording() != null && row.recording().complete();
                context.err().line(wasComplete ? CUT_OFF : endsEarly(row));
                yield wasComplete ? 1 : 0;
            }
        };
    }

    private static String endsEarly(@Nullable SessionRow row) {
        AuditRecord.SessionEnded ended = row == null ? null : row.end();
        return ended == null
                ? "the recording ends early: the bastion stopped before the session did"
                : "the recording ends early: the session ended ("
                        + ended.reason()
                        + "), and the bastion stopped before all of it was written";
    }

    private static @Nullable SessionRow row(CommandContext context, SessionId session) {
        try {
            return context.parts().auditReader().session(session).orElse(null);
        } catch (AuditLogException e) {
            return null;
        }
    }
}
