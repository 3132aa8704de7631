package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Turns a record into its canonical JSON: UTF-8, no white space, keys in the order of the record's
 * components after {@code type}, absent values left out.
 *
 * <p>Half surrogate pairs, which UTF-8 cannot say, are kept as {@code \}{@code uXXXX} escapes.
 * Thread-safe; runs on the thread of the caller.
 */
final class RecordEncoder {

    private static final JsonFactory JSON = new JsonFactory();

    private RecordEncoder() {}

    static byte[] encode(AuditRecord record) {
        var bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            fields(new Fields(json), record);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void fields(Fields to, AuditRecord record) {
        switch (record) {
            case AuditRecord.LoginAttempted r ->
                    to.start("login", r)
                            .text("connection", r.connection().value())
                            .text("user", r.user())
                            .text("from", r.from())
                            .text("method", r.method())
                            .text("credential", r.credential())
                            .flag("accepted", r.accepted())
                            .text("reason", r.reason());
            case AuditRecord.ConnectionEnded r ->
                    to.start("connection-end", r)
                            .text("connection", r.connection().value())
                            .text("user", r.user())
                            .text("from", r.from())
                            .text("reason", r.reason());
            case AuditRecord.TargetRefused r ->
                    to.start("target-refused", r)
                            .text("connection", r.connection().value())
                            .text("user", r.user())
                            .text("from", r.from())
                            .text("target", r.target())
                            .text("reason", r.reason())
                            .text("detail", r.detail());
            case AuditRecord.SessionStarted r ->
                    to.start("session-start", r).context(r.context()).text("kind", r.kind().word());
            case AuditRecord.SessionEnded r -> {
                to.start("session-end", r).context(r.context()).text("reason", r.reason());
                Integer exit = r.exit();
                if (exit != null) {
                    to.number("exit", exit);
                }
                String signal = r.signal();
                if (signal != null) {
                    to.text("signal", signal);
                }
            }
            case AuditRecord.CommandEntered r ->
                    to.start("command", r)
                            .context(r.context())
                            .number("seq", r.seq())
                            .text("kind", r.kind().word())
                            .text("keystrokes", r.keystrokes())
                            .text("command", r.command())
                            .textUnlessEmpty("masked", r.masked());
            case AuditRecord.LineEntered r ->
                    to.start("entered", r)
                            .context(r.context())
                            .number("seq", r.seq())
                            .text("key", r.key())
                            .text("command", r.command())
                            .number("confidence", r.confidence())
                            .text("keys", r.keys())
                            .textUnlessEmpty("sealed", r.sealed())
                            .textUnlessEmpty("masked", r.masked())
                            .numberUnlessAbsent("at", r.at());
            case AuditRecord.LineDecided r ->
                    to.start("line", r)
                            .context(r.context())
                            .number("seq", r.seq())
                            .text("line", r.line().word())
                            .text("keystrokes", r.keystrokes())
                            .text("command", r.command())
                            .text("source", r.source())
                            .number("confidence", r.confidence())
                            .flag("shown", r.shown())
                            .text("prompt", r.prompt())
                            .textUnlessEmpty("masked", r.masked())
                            .numberUnlessAbsent("at", r.at());
            case AuditRecord.CommandJudged r ->
                    to.start("command-judged", r)
                            .context(r.context())
                            .number("seq", r.seq())
                            .text("keystrokes", r.keystrokes())
                            .text("command", r.command());
            case AuditRecord.RecordingClosed r ->
                    to.start("recording", r)
                            .context(r.context())
                            .text("file", r.file())
                            .number("bytes", r.bytes())
                            .text("sha256", r.sha256())
                            .flag("complete", r.complete());
            case AuditRecord.ForwardOpened r ->
                    to.start("forward-open", r)
                            .context(r.context())
                            .text("direction", r.direction())
                            .text("destination", r.destination());
            case AuditRecord.ForwardClosed r ->
                    to.start("forward-close", r)
                            .context(r.context())
                            .number("toHost", r.toHost())
                            .number("toOperator", r.toOperator());
            case AuditRecord.FileOperated r -> {
                to.start("file", r)
                        .context(r.context())
                        .text("operation", r.operation())
                        .text("path", r.path())
                        .text("target", r.target());
                Long bytes = r.bytes();
                if (bytes != null) {
                    to.number("bytes", bytes);
                }
                String sha256 = r.sha256();
                if (sha256 != null) {
                    to.text("sha256", sha256);
                }
                to.text("result", r.result());
            }
            case AuditRecord.ConfigurationChanged r ->
                    to.start("configuration-change", r)
                            .text("actor", r.actor())
                            .text("from", r.from())
                            .text("action", r.action())
                            .text("subject", r.subject())
                            .text("before", r.before())
                            .text("after", r.after());
            case AuditRecord.SigningKeyChanged r ->
                    to.start("signing-key", r)
                            .text("actor", r.actor())
                            .text("from", r.from())
                            .text("key", r.key())
                            .text("note", r.note());
            case AuditRecord.EntriesRemoved r ->
                    to.start("entries-removed", r)
                            .number("first", r.first())
                            .number("last", r.last())
                            .text("hash", r.hash())
                            .text("reason", r.reason());
            case AuditRecord.RecordingRemoved r ->
                    to.start("recording-removed", r)
                            .text("session", r.session().value())
                            .text("file", r.file())
                            .text("sha256", r.sha256())
                            .text("reason", r.reason());
            case AuditRecord.HoldPlaced r ->
                    to.start("hold", r)
                            .text("actor", r.actor())
                            .text("from", r.from())
                            .text("as", r.placedAs())
                            .text("name", r.name())
                            .textUnlessEmpty("session", r.session())
                            .textUnlessEmpty("user", r.user())
                            .textUnlessEmpty("host", r.host())
                            .textUnlessEmpty("since", r.since())
                            .textUnlessEmpty("until", r.until())
                            .text("reason", r.reason());
            case AuditRecord.HoldReleased r ->
                    to.start("hold-release", r)
                            .text("actor", r.actor())
                            .text("from", r.from())
                            .text("name", r.name())
                            .text("reason", r.reason());
            case AuditRecord.AuditConsulted r ->
                    to.start("audit-consulted", r)
                            .text("actor", r.actor())
                            .text("from", r.from())
                            .text("query", r.query())
                            .flag("permitted", r.permitted());
        }
    }

    /** Writes keys and values in the order of the calls. */
    private record Fields(JsonGenerator json) {

        Fields start(String type, AuditRecord record) {
            return text("type", type).text("time", record.time().toString());
        }

        Fields context(SessionContext context) {
            return text("connection", context.connection().value())
                    .text("session", context.session().value())
                    .text("user", context.user())
                    .text("from", context.from())
                    .text("host", context.host())
                    .text("account", context.account());
        }

        Fields text(String key, String value) {
            json.writeName(key);
            if (wellFormed(value)) {
                json.writeString(value);
            } else {
                json.writeRawValue(escaped(value));
            }
            return this;
        }

        Fields numberUnlessAbsent(String key, @Nullable Long value) {
            return value == null ? this : number(key, value);
        }

        Fields textUnlessEmpty(String key, String value) {
            return value.isEmpty() ? this : text(key, value);
        }

        Fields number(String key, double value) {
            json.writeNumberProperty(key, value);
            return this;
        }

        Fields number(String key, long value) {
            json.writeNumberProperty(key, value);
            return this;
        }

        Fields flag(String key, boolean value) {
            json.writeBooleanProperty(key, value);
            return this;
        }
    }

    private static boolean wellFormed(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                if (!pairAt(value, i)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static boolean pairAt(String value, int i) {
        return i + 1 < value.length()
                && Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1));
    }

    /** Escapes like Jackson does, and half pairs besides. */
    private static String escaped(String value) {
        var out = new StringBuilder(value.length() + 16).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isSurrogate(c)) {
                if (pairAt(value, i)) {
                    out.append(c).append(value.charAt(++i));
                } else {
                    out.append(String.format("\\u%04X", (int) c));
                }
                continue;
            }
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04X", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
