package dev.bastion.audit.line;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command with a live {@code !}: the shell prints what it makes of it in the next line, between
 * the pieces that stay as they are. Immutable.
 */
final class HistoryExpansion {

    private final List<String> pieces;

    private HistoryExpansion(List<String> pieces) {
        this.pieces = pieces;
    }

    /** Null when the command has nothing that history could expand. */
    static @Nullable HistoryExpansion of(String command) {
        if (command.indexOf('!') < 0 || command.indexOf('\n') >= 0) {
            return null;
        }
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        boolean quoted = false;
        int i = 0;
        while (i < command.length()) {
            char value = command.charAt(i);
            if (value == '\\' && !quoted && i + 1 < command.length()) {
                piece.append(value).append(command.charAt(i + 1));
                i += 2;
                continue;
            }
            if (value == '\'') {
                quoted = !quoted;
            }
            int end = value == '!' && !quoted ? designatorEnd(command, i + 1) : i;
            if (end > i + 1) {
                pieces.add(piece.toString());
                piece.setLength(0);
                i = end;
            } else {
                piece.append(value);
                i++;
            }
        }
        pieces.add(piece.toString());
        return pieces.size() == 1 ? null : new HistoryExpansion(pieces);
    }

    /** The end of an event and its words, or {@code from} when the mark is a mere character. */
    private static int designatorEnd(String text, int from) {
        if (from >= text.length() || " \t=(".indexOf(text.charAt(from)) >= 0) {
            return from;
        }
        int end = from;
        if (text.charAt(end) == '!') {
            end++;
        }
        while (end < text.length() && " \t;|&<>()\"'!`".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Whether a line of output is the expanded command. */
    boolean matches(String line) {
        String first = pieces.getFirst();
        String last = pieces.getLast();
        if (!line.startsWith(first)
                || !line.endsWith(last.stripTrailing())
                || line.length() < first.length() + last.stripTrailing().length()) {
            return false;
        }
        int from = first.length();
        for (String piece : pieces.subList(1, pieces.size() - 1)) {
            int at = line.indexOf(piece, from);
            if (at < 0) {
                return false;
            }
            from = at + piece.length();
        }
        return !line.isBlank();
    }
}
