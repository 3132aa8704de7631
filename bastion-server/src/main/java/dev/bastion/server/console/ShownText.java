package dev.bastion.server.console;

import java.util.function.IntPredicate;

/**
 * Makes text that came from elsewhere harmless to show. What could steer a terminal or mislead a
 * reader (controls of C0 and C1, DEL, invisible and bidirectional format characters, separators of
 * lines, lone surrogates) is written as an escape.
 */
final class ShownText {

    private ShownText() {}

    /** Escapes as {@code \n \x1b \}{@code u202e}; for tables, csv and sentences. */
    static String escape(String text) {
        return replace(text, ShownText::unsafe, ShownText::plainEscape);
    }

    /** A JSON string with its quotes (RFC 8259 section 7). */
    static String json(String text) {
        return '"'
                + replace(text, c -> unsafe(c) || c == '"' || c == '\\', ShownText::jsonEscape)
                + '"';
    }

    /** JSON that is whole already; what could steer a terminal stands in its strings alone. */
    static String escapeJson(String json) {
        return replace(json, ShownText::unsafe, ShownText::jsonEscape);
    }

    static boolean unsafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private interface Escape {
        String of(int c);
    }

    private static String replace(String text, IntPredicate chosen, Escape escape) {
        if (text.codePoints().noneMatch(chosen)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(c -> {
                    if (chosen.test(c)) {
                        out.append(escape.of(c));
                    } else {
                        out.appendCodePoint(c);
                    }
                });
        return out.toString();
    }

    private static String plainEscape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> {
                if (c < 0x100) {
                    yield String.format("\\x%02x", c);
                }
                yield c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
            }
        };
    }

    private static String jsonEscape(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> {
                StringBuilder units = new StringBuilder();
                for (char unit : Character.toChars(c)) {
                    units.append(String.format("\\u%04x", (int) unit));
                }
                yield units.toString();
            }
        };
    }
}
