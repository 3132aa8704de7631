package dev.bastion.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Splits a command line as a POSIX shell does (2.2 Quoting), of which nothing is expanded. */
final class CommandWords {

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private CommandWords(String line) {
        this.line = line;
    }

    /**
     * Splits.
     *
     * @throws UsageException when a quote is not closed, or a backslash ends the line
     */
    static List<String> split(String line) {
        return new CommandWords(line).split();
    }

    /** One line that splits into these words again. */
    static String join(List<String> words) {
        return words.stream().map(CommandWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9@%+=:,./_-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }

    private List<String> split() {
        while (at < line.length()) {
            char c = line.charAt(at++);
            switch (c) {
                case ' ', '\t', '\n' -> end();
                case '\'' -> single();
                case '"' -> twice();
                case '\\' -> escaped();
                default -> add(c);
            }
        }
        end();
        return words;
    }

    private void add(char c) {
        inWord = true;
        word.append(c);
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private void single() {
        inWord = true;
        int close = line.indexOf('\'', at);
        if (close < 0) {
            throw new UsageException("a single quote is not closed");
        }
        word.append(line, at, close);
        at = close + 1;
    }

    private void twice() {
        inWord = true;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return;
            }
            if (c == '\\' && at < line.length() && "$`\"\\\n".indexOf(line.charAt(at)) >= 0) {
                char next = line.charAt(at++);
                if (next != '\n') {
                    word.append(next);
                }
            } else {
                word.append(c);
            }
        }
        throw new UsageException("a double quote is not closed");
    }

    private void escaped() {
        if (at == line.length()) {
            throw new UsageException("a backslash stands at the end");
        }
        char next = line.charAt(at++);
        if (next != '\n') {
            add(next);
        }
    }
}
