package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.proof.Checkpoint;
import dev.bastion.audit.proof.RecordFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry, or a checkpoint, as a message of RFC 5424:
 *
 * <pre>
 * &lt;PRI&gt;1 TIME HOST bastion PID TYPE [bastion@32473 entry="…" hash="…" type="…" user="…" …] JSON
 * </pre>
 *
 * <p>Facility 13 (log audit). The message proper is the record's JSON, in which what is not ASCII
 * is escaped as JSON has it: so it needs no byte order mark (6.4) and is the same JSON. Values
 * between the brackets are for sorting and looking up: cut at 255 characters, {@code " \ ]} escaped
 * (6.3.3), and control characters, which a receiver may cut a line at, replaced.
 */
final class SyslogMessage {

    /** 32473 is the enterprise number for examples and documents (RFC 5612). */
    private static final String STRUCTURE = "bastion@32473";

    private static final int FACILITY = 13;
    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final int INFORMATIONAL = 6;

    private static final int MOST_VALUE_CHARACTERS = 255;

    /** MSGID of 6.2.7. */
    private static final int MOST_TYPE_CHARACTERS = 32;

    private static final char REPLACEMENT = '\uFFFD';

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private SyslogMessage() {}

    /**
     * With its length before it, as octet counting wants it (RFC 6587, 3.4.1; RFC 5425, 4.3).
     *
     * @param host HOSTNAME of the header
     * @param process PROCID of the header
     */
    static byte[] frame(LedgerEntry entry, String host, long process) {
        return frame(text(entry, host, process));
    }

    /**
     * The same of a checkpoint. Its message is the line of JSON as which checkpoints are passed on,
     * its MSGID {@code checkpoint}.
     */
    static byte[] frame(Checkpoint checkpoint, String host, long process) {
        String type = "checkpoint";
        StringBuilder text = header(NOTICE, checkpoint.time(), host, process, type);
        parameter(text, "entry", Long.toString(checkpoint.position().sequence()));
        parameter(text, "hash", checkpoint.position().hash().hex());
        parameter(text, "type", type);
        text.append("] ");
        ascii(text, checkpoint.line());
        return frame(text.toString());
    }

    private static byte[] frame(String text) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        byte[] length = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[length.length + message.length];
        System.arraycopy(length, 0, frame, 0, length.length);
        System.arraycopy(message, 0, frame, length.length, message.length);
        return frame;
    }

    static String text(LedgerEntry entry, String host, long process) {
        String json = new String(entry.payload(), StandardCharsets.UTF_8);
        Map<String, String> fields = RecordFields.of(entry.payload());
        String type = fields.getOrDefault("type", "");
        Instant time = Instant.parse(fields.getOrDefault("time", ""));
        StringBuilder text = header(severity(type, fields), time, host, process, type);
        parameter(text, "entry", Long.toString(entry.sequence().value()));
        parameter(text, "hash", entry.hash().hex());
        parameter(text, "type", type);
        parameter(text, "user", fields.getOrDefault("user", fields.get("actor")));
        parameter(text, "host", fields.get("host"));
        parameter(text, "account", fields.get("account"));
        parameter(text, "session", fields.get("session"));
        text.append("] ");
        ascii(text, json);
        return text.toString();
    }

    /** Up to the first parameter. */
    private static StringBuilder header(
            int severity, Instant time, String host, long process, String type) {
        var text = new StringBuilder(512);
        text.append('<').append(FACILITY * 8 + severity).append(">1 ");
        text.append(time(time)).append(' ');
        text.append(word(host, MOST_VALUE_CHARACTERS)).append(" bastion ").append(process);
        text.append(' ').append(word(type, MOST_TYPE_CHARACTERS)).append(" [").append(STRUCTURE);
        return text;
    }

    /** HOSTNAME of the header; empty when the system does not tell. */
    static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static int severity(String type, Map<String, String> fields) {
        return switch (type) {
            case "login" -> "true".equals(fields.get("accepted")) ? NOTICE : WARNING;
            case "audit-consulted" -> "true".equals(fields.get("permitted")) ? NOTICE : WARNING;
            case "target-refused" -> WARNING;
            case "command",
                    "entered",
                    "line",
                    "command-judged",
                    "forward-open",
                    "forward-close",
                    "recording",
                    "file" ->
                    INFORMATIONAL;
            default -> NOTICE;
        };
    }

    /** A year of more than four digits, which the clock of a machine can show, has no form here. */
    private static String time(Instant time) {
        String text = TIME.format(time);
        return text.length() == 27 ? text : "-";
    }

    /** Printable ASCII without a space, at most so long; {@code -} for none (6.2). */
    private static String word(String text, int most) {
        var word = new StringBuilder();
        for (int i = 0; i < text.length() && word.length() < most; i++) {
            char c = text.charAt(i);
            word.append(c > ' ' && c < 0x7F ? c : '_');
        }
        return word.isEmpty() ? "-" : word.toString();
    }

    private static void parameter(StringBuilder to, String name, @Nullable String text) {
        if (text == null) {
            return;
        }
        to.append(' ').append(name).append("=\"");
        for (int i = 0; i < Math.min(text.length(), MOST_VALUE_CHARACTERS); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c == ']') {
                to.append('\\').append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < Math.min(text.length(), MOST_VALUE_CHARACTERS)
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                to.append(c).append(text.charAt(++i));
            } else {
                to.append(shown(c) ? c : REPLACEMENT);
            }
        }
        to.append('"');
    }

    private static boolean shown(char c) {
        return !Character.isISOControl(c)
                && !Character.isSurrogate(c)
                && c != '\u2028'
                && c != '\u2029';
    }

    /** What is not ASCII stands in strings of the JSON alone, where it can be escaped. */
    private static void ascii(StringBuilder to, String json) {
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x7F) {
                to.append(c);
            } else {
                to.append("\\u");
                String digits = Integer.toHexString(c);
                to.append("0".repeat(4 - digits.length())).append(digits);
            }
        }
    }
}
