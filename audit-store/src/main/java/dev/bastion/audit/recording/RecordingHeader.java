package dev.bastion.audit.recording;

import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How a recording's file begins: whose it is, in the clear. Immutable.
 *
 * @param identity random bytes that tell the file from all others
 * @param keyId of the recording key
 * @param start of the session, in microseconds
 */
public record RecordingHeader(byte[] identity, long keyId, Instant start, Subject subject) {

    /**
     * What is recorded.
     *
     * @param kind {@code shell} or {@code exec}
     * @param terminal TERM
     * @param columns at the start; 0 is unknown
     */
    public record Subject(
            SessionContext context, String kind, String terminal, int columns, int rows) {}

    static final int FIXED_BYTES = 48;
    static final int IDENTITY_BYTES = 16;
    static final int LONGEST_DESCRIPTION = 65_536;

    private static final byte[] MAGIC = "BASTRECO".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final JsonFactory JSON = new JsonFactory();

    public RecordingHeader {
        start = start.truncatedTo(ChronoUnit.MICROS);
    }

    byte[] encode() {
        byte[] description = description();
        ByteBuffer bytes =
                ByteBuffer.allocate(FIXED_BYTES + description.length + Integer.BYTES)
                        .put(MAGIC)
                        .putInt(VERSION)
                        .putInt(description.length)
                        .put(identity)
                        .putLong(keyId)
                        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, start))
                        .put(description);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, bytes.position());
        return bytes.putInt((int) crc.getValue()).array();
    }

    private byte[] description() {
        var bytes = new ByteArrayOutputStream(256);
        SessionContext context = subject.context();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("session", context.session().value());
            json.writeStringProperty("connection", context.connection().value());
            json.writeStringProperty("user", context.user());
            json.writeStringProperty("from", context.from());
            json.writeStringProperty("host", context.host());
            json.writeStringProperty("account", context.account());
            json.writeStringProperty("kind", subject.kind());
            json.writeStringProperty("terminal", subject.terminal());
            json.writeNumberProperty("columns", subject.columns());
            json.writeNumberProperty("rows", subject.rows());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /**
     * How long the header is that begins with these bytes.
     *
     * @throws RecordingException when no recording begins so
     */
    static int length(ByteBuffer fixed) throws RecordingException {
        byte[] magic = new byte[MAGIC.length];
        fixed.get(0, magic);
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            throw new RecordingException("the file is not a recording");
        }
        int version = fixed.getInt(8);
        if (version != VERSION) {
            throw new RecordingException("version " + version + " of recordings is not known here");
        }
        int description = fixed.getInt(12);
        if (description < 2 || description > LONGEST_DESCRIPTION) {
            throw new RecordingException("the header is damaged");
        }
        return FIXED_BYTES + description + Integer.BYTES;
    }

    static RecordingHeader decode(byte[] bytes) throws RecordingException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        int end = bytes.length - Integer.BYTES;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, end);
        if (from.getInt(end) != (int) crc.getValue()) {
            throw new RecordingException("the header is damaged");
        }
        byte[] identity = new byte[IDENTITY_BYTES];
        from.get(16, identity);
        try {
            Map<String, String> of = parse(bytes, FIXED_BYTES, end - FIXED_BYTES);
            return new RecordingHeader(
                    identity,
                    from.getLong(32),
                    Instant.EPOCH.plus(from.getLong(40), ChronoUnit.MICROS),
                    subject(of));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new RecordingException("the header is damaged", e);
        }
    }

    private static Subject subject(Map<String, String> of) {
        return new Subject(
                new SessionContext(
                        new ConnectionId(text(of, "connection")),
                        new SessionId(text(of, "session")),
                        text(of, "user"),
                        text(of, "from"),
                        text(of, "host"),
                        text(of, "account")),
                text(of, "kind"),
                text(of, "terminal"),
                Integer.parseInt(text(of, "columns")),
                Integer.parseInt(text(of, "rows")));
    }

    private static String text(Map<String, String> of, String key) {
        String value = of.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the header has no " + key);
        }
        return value;
    }

    private static Map<String, String> parse(byte[] bytes, int offset, int length) {
        Map<String, String> values = new HashMap<>();
        try (JsonParser json =
                JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the header has no object");
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
}
