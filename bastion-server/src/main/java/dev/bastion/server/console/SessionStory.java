package dev.bastion.server.console;

import dev.bastion.audit.AuditReader.SessionRow;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import java.time.Duration;
import java.util.List;

/** The head of the page that tells a session's story: who, from where, where to, how it ended. */
final class SessionStory {

    private SessionStory() {}

    /**
     * @param refused what it wanted and did not get, a sentence each
     */
    static void tell(SessionRow row, List<String> refused, Output out) {
        SessionContext of = row.start().context();
        out.line("session    " + of.session().value() + ", " + row.start().kind().word());
        out.line(
                "user       %s from %s (connection %s)"
                        .formatted(of.user(), of.from(), of.connection().value()));
        out.line("target     " + of.account() + "@" + of.host());
        out.line("began      " + TimeArgument.shown(row.start().time()));
        out.line("ended      " + end(row));
        refused.forEach(sentence -> out.line("refused    " + sentence));
        AuditRecord.RecordingClosed recording = row.recording();
        if (recording != null) {
            out.line(
                    "recording  %s, %,d bytes%s; 'audit play %s' shows it"
                            .formatted(
                                    recording.file(),
                                    recording.bytes(),
                                    recording.complete() ? "" : ", without its end",
                                    of.session().value()));
        }
        out.print("\n");
    }

    private static String end(SessionRow row) {
        AuditRecord.SessionEnded end = row.end();
        if (end == null) {
            return "not yet, or the bastion was killed meanwhile";
        }
        String how =
                end.signal() != null
                        ? ", signal " + end.signal()
                        : end.exit() != null ? ", exit status " + end.exit() : "";
        return "%s, after %s: %s%s"
                .formatted(
                        TimeArgument.shown(end.time()),
                        span(Duration.between(row.start().time(), end.time())),
                        end.reason(),
                        how);
    }

    private static String span(Duration time) {
        if (time.toMinutes() == 0) {
            return "%d.%d s".formatted(time.toSeconds(), Math.max(0, time.toMillisPart()) / 100);
        }
        return time.toHours() == 0
                ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
    }
}
