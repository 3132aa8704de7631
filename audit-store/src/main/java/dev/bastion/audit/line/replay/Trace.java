package dev.bastion.audit.line.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * A recorded terminal: one JSON object a line, with the time in milliseconds, the direction and the
 * bytes in base64. Immutable.
 *
 * @param name the file's name without its endings
 */
public record Trace(String name, List<TraceEvent> events) {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    public Trace {
        events = List.copyOf(events);
    }

    /**
     * Reads a file, compressed when its name ends with {@code .gz}.
     *
     * @throws IOException when it cannot be read, or holds something else than a trace
     */
    public static Trace read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        try (InputStream bytes = Files.newInputStream(file)) {
            return read(name, bytes);
        }
    }

    /** Reads a trace; the name says whether it is compressed. */
    public static Trace read(String name, InputStream bytes) throws IOException {
        InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
        List<TraceEvent> events = new ArrayList<>();
        int number = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    events.add(event(JSON.readTree(line)));
                }
            }
        } catch (JacksonException | IllegalArgumentException malformed) {
            throw new IOException(
                    name + ": line " + number + " is no object of a trace", malformed);
        }
        return new Trace(name.replaceFirst("\\.jsonl(\\.gz)?$", ""), events);
    }

    private static TraceEvent event(JsonNode node) {
        String direction = node.path("d").asString("");
        if (direction.equals("m")) {
            return new TraceEvent.Window(
                    node.path("cat").asString(""),
                    strings(node, "truth"),
                    strings(node, "secrets"),
                    strings(node, "visible"));
        }
        long nanos = Math.round(node.path("t").asDouble() * 1e6);
        byte[] bytes = Base64.getDecoder().decode(node.path("b").asString(""));
        return switch (direction) {
            case "i" -> new TraceEvent.Input(nanos, bytes);
            case "o" -> new TraceEvent.Output(nanos, bytes);
            case "r" -> size(nanos, new String(bytes, StandardCharsets.US_ASCII));
            default -> throw new IllegalArgumentException("unknown direction " + direction);
        };
    }

    private static TraceEvent size(long nanos, String text) {
        int cross = text.indexOf('x');
        return new TraceEvent.Size(
                nanos,
                Integer.parseInt(text.substring(0, Math.max(0, cross))),
                Integer.parseInt(text.substring(cross + 1)));
    }

    private static List<String> strings(JsonNode node, String field) {
        List<String> values = new ArrayList<>();
        node.path(field).forEach(value -> values.add(value.asString("")));
        return List.copyOf(values);
    }

    /** The windows, in order. */
    public List<TraceEvent.Window> windows() {
        return events.stream()
                .filter(TraceEvent.Window.class::isInstance)
                .map(TraceEvent.Window.class::cast)
                .toList();
    }
}
