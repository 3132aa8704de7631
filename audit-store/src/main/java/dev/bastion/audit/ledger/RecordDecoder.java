package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads what {@link RecordEncoder} wrote. Keys that it does not know are passed over. */
final class RecordDecoder {

    private static final JsonFactory JSON = new JsonFactory();

    private RecordDecoder() {}

    /**
     * @throws IllegalArgumentException with a sentence when the bytes are not a record
     */
    static AuditRecord decode(byte[] payload) {
        try {
            return record(new Fields(parse(payload)));
        } catch (JacksonException | DateTimeParseException e) {
            throw new IllegalArgumentException("The payload is not a record: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> parse(byte[] payload) {
        Map<String, String> values = new HashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), payload)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("The payload is not a JSON object.");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                json.skipChildren();
                values.put(name, json.getString());
            }
        }
        return values;
    }

    private static AuditRecord record(Fields from) {
        String type = from.text("type");
        return switch (type) {
            case "login" ->
                    new AuditRecord.LoginAttempted(
                            from.time(),
                            from.connection(),
                            from.text("user"),
                            from.text("from"),
                            from.text("method"),
                            from.text("credential"),
                            from.flag("accepted"),
                            from.text("reason"));
            case "connection-end" ->
                    new AuditRecord.ConnectionEnded(
                            from.time(),
                            from.connection(),
                            from.text("user"),
                            from.text("from"),
                            from.text("reason"));
            case "target-refused" ->
                    new AuditRecord.TargetRefused(
                            from.time(),
                            from.connection(),
                            from.text("user"),
                            from.text("from"),
                            from.text("target"),
                            from.text("reason"),
                            from.text("detail"));
            case "session-start" ->
                    new AuditRecord.SessionStarted(from.time(), from.context(), from.kind());
            case "session-end" -> {
                String exit = from.optional("exit");
                yield new AuditRecord.SessionEnded(
                        from.time(),
                        from.context(),
                        from.text("reason"),
                        exit == null ? null : Integer.valueOf(exit),
                        from.optional("signal"));
            }
            case "command" ->
                    new AuditRecord.CommandEntered(
                            from.time(),
                            from.context(),
                            Long.parseLong(from.text("seq")),
                            from.kind(),
                            from.text("keystrokes"),
                            from.text("command"),
                            from.textOrEmpty("masked"));
            case "entered" ->
                    new AuditRecord.LineEntered(
                            from.time(),
                            from.context(),
                            Long.parseLong(from.text("seq")),
                            from.text("key"),
                            from.text("command"),
                            Double.parseDouble(from.text("confidence")),
                            from.text("keys"),
                            from.textOrEmpty("sealed"),
                            from.textOrEmpty("masked"),
                            from.numberOrNull("at"));
            case "line" ->
                    new AuditRecord.LineDecided(
                            from.time(),
                            from.context(),
                            Long.parseLong(from.text("seq")),
                            LineKind.of(from.text("line")),
                            from.text("keystrokes"),
                            from.text("command"),
                            from.text("source"),
                            Double.parseDouble(from.text("confidence")),
                            from.flag("shown"),
                            from.text("prompt"),
                            from.textOrEmpty("masked"),
                            from.numberOrNull("at"));
            case "command-judged" ->
                    new AuditRecord.CommandJudged(
                            from.time(),
                            from.context(),
                            Long.parseLong(from.text("seq")),
                            from.text("keystrokes"),
                            from.text("command"));
            case "recording" ->
                    new AuditRecord.RecordingClosed(
                            from.time(),
                            from.context(),
                            from.text("file"),
                            Long.parseLong(from.text("bytes")),
                            from.text("sha256"),
                            from.flag("complete"));
            case "forward-open" ->
                    new AuditRecord.ForwardOpened(
                            from.time(),
                            from.context(),
                            from.text("direction"),
                            from.text("destination"));
            case "forward-close" ->
                    new AuditRecord.ForwardClosed(
                            from.time(),
                            from.context(),
                            Long.parseLong(from.text("toHost")),
                            Long.parseLong(from.text("toOperator")));
            case "file" -> {
                String bytes = from.optional("bytes");
                yield new AuditRecord.FileOperated(
                        from.time(),
                        from.context(),
                        from.text("operation"),
                        from.text("path"),
                        from.text("target"),
                        bytes == null ? null : Long.valueOf(bytes),
                        from.optional("sha256"),
                        from.text("result"));
            }
            case "configuration-change" ->
                    new AuditRecord.ConfigurationChanged(
                            from.time(),
                            from.text("actor"),
                            from.text("from"),
                            from.text("action"),
                            from.text("subject"),
                            from.text("before"),
                            from.text("after"));
            case "signing-key" ->
                    new AuditRecord.SigningKeyChanged(
                            from.time(),
                            from.text("actor"),
                            from.text("from"),
                            from.text("key"),
                            from.text("note"));
            case "entries-removed" ->
                    new AuditRecord.EntriesRemoved(
                            from.time(),
                            Long.parseLong(from.text("first")),
                            Long.parseLong(from.text("last")),
                            from.text("hash"),
                            from.text("reason"));
            case "recording-removed" ->
                    new AuditRecord.RecordingRemoved(
                            from.time(),
                            new SessionId(from.text("session")),
                            from.text("file"),
                            from.text("sha256"),
                            from.text("reason"));
            case "hold" ->
                    new AuditRecord.HoldPlaced(
                            from.time(),
                            from.text("actor"),
                            from.text("from"),
                            from.text("as"),
                            from.text("name"),
                            from.textOrEmpty("session"),
                            from.textOrEmpty("user"),
                            from.textOrEmpty("host"),
                            from.textOrEmpty("since"),
                            from.textOrEmpty("until"),
                            from.text("reason"));
            case "hold-release" ->
                    new AuditRecord.HoldReleased(
                            from.time(),
                            from.text("actor"),
                            from.text("from"),
                            from.text("name"),
                            from.text("reason"));
            case "audit-consulted" ->
                    new AuditRecord.AuditConsulted(
                            from.time(),
                            from.text("actor"),
                            from.text("from"),
                            from.text("query"),
                            from.flag("permitted"));
            default ->
                    throw new IllegalArgumentException(
                            "The record's type '" + type + "' is not known to this version.");
        };
    }

    private record Fields(Map<String, String> values) {

        @Nullable String optional(String key) {
            return values.get(key);
        }

        String text(String key) {
            String value = values.get(key);
            if (value == null) {
                throw new IllegalArgumentException("The record has no '" + key + "'.");
            }
            return value;
        }

        String textOrEmpty(String key) {
            String value = values.get(key);
            return value == null ? "" : value;
        }

        @Nullable Long numberOrNull(String key) {
            String value = values.get(key);
            return value == null ? null : Long.valueOf(value);
        }

        boolean flag(String key) {
            return text(key).equals("true");
        }

        Instant time() {
            return Instant.parse(text("time"));
        }

        ConnectionId connection() {
            return new ConnectionId(text("connection"));
        }

        SessionKind kind() {
            return SessionKind.valueOf(text("kind").toUpperCase(Locale.ROOT));
        }

        SessionContext context() {
            return new SessionContext(
                    connection(),
                    new SessionId(text("session")),
                    text("user"),
                    text("from"),
                    text("host"),
                    text("account"));
        }
    }
}
