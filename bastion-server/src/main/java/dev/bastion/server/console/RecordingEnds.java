package dev.bastion.server.console;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader.SessionRow;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.RecordingEnd;

/** What a person is told of a recording that was read to where it can be read. */
final class RecordingEnds {

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
                boolean wasComplete = wasComplete(context, session);
                context.err()
                        .line(
                                wasComplete
                                        ? "the end of the recording was cut off: the ledger says"
                                                + " that it was complete"
                                        : "the recording has no end: the bastion stopped before"
                                                + " the session did");
                yield wasComplete ? 1 : 0;
            }
        };
    }

    private static boolean wasComplete(CommandContext context, SessionId session) {
        try {
            return context.parts()
                    .auditReader()
                    .session(session)
                    .map(RecordingEnds::wasComplete)
                    .orElse(false);
        } catch (AuditLogException e) {
            return false;
        }
    }

    private static boolean wasComplete(SessionRow row) {
        AuditRecord.RecordingClosed closed = row.recording();
        return closed != null && closed.complete();
    }
}
