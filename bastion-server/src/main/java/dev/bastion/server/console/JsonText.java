package dev.bastion.server.console;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON (RFC 8259) in which nothing can steer a terminal. */
final class JsonText {

    private JsonText() {}

    static String of(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    static void append(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool.booleanValue());
            case Instant time -> out.append(ShownText.json(TimeArgument.shown(time)));
            case Collection<?> list -> {
                char separator = '[';
                for (Object item : list.stream().sorted().toList()) {
                    out.append(separator);
                    append(out, item);
                    separator = ',';
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case Map<?, ?> map -> {
                char separator = '{';
                for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
                    out.append(separator).append(ShownText.json(String.valueOf(entry.getKey())));
                    append(out.append(':'), entry.getValue());
                    separator = ',';
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            default -> out.append(ShownText.json(String.valueOf(value)));
        }
    }
}
