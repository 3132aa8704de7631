package dev.bastion.audit.line.replay;

import dev.bastion.audit.line.DecidedLine;
import java.util.Locale;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A replayed line as one JSON object. Stateless. */
public final class LineJson {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private LineJson() {}

    /** Without a line feed. */
    public static String of(ReplayedLine replayed) {
        DecidedLine line = replayed.line();
        ObjectNode node = JSON.createObjectNode();
        node.put("window", replayed.window());
        node.put("kind", word(line.kind()));
        node.put("command", line.command());
        node.put("keystrokes", line.keystrokes());
        node.put("prompt", line.prompt());
        node.put("source", word(line.source()));
        node.put("confidence", Math.round(line.confidence() * 100) / 100.0);
        return JSON.writeValueAsString(node);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
