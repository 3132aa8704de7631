package dev.bastion.audit.line;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A session written down as a play: what is typed, what the host prints, and what was decided. Time
 * passes between the lines of the play.
 */
final class Console {

    private static final long MILLISECOND = 1_000_000;

    final List<DecidedLine> decided = new ArrayList<>();

    /** Enters of which no line is told. */
    final List<Long> nothings = new ArrayList<>();

    final CommandLines lines;
    private long now;
    private final long pause;

    Console() {
        this(50);
    }

    /** The milliseconds that pass before each line of the play. */
    Console(long pauseMilliseconds) {
        pause = pauseMilliseconds * MILLISECOND;
        lines =
                new CommandLines(
                        40,
                        12,
                        new LineListener() {
                            @Override
                            public void decided(DecidedLine line) {
                                decided.add(line);
                            }

                            @Override
                            public void nothing(long enters) {
                                nothings.add(enters);
                            }
                        });
    }

    private static byte[] bytes(String text) {
        return text.replace("\\e", "\033").translateEscapes().getBytes(StandardCharsets.UTF_8);
    }

    /** Keys, all in one packet. */
    Console types(String keys) {
        now += pause;
        byte[] bytes = bytes(keys);
        lines.input(bytes, 0, bytes.length, now);
        return this;
    }

    /** Keys that the host echoes one by one. */
    Console echoes(String keys) {
        for (int i = 0; i < keys.length(); i++) {
            types(keys.substring(i, i + 1)).prints(keys.substring(i, i + 1));
        }
        return this;
    }

    Console prints(String output) {
        now += MILLISECOND;
        byte[] bytes = bytes(output);
        lines.output(bytes, 0, bytes.length, now);
        return this;
    }

    Console waits(long milliseconds) {
        now += milliseconds * MILLISECOND;
        return this;
    }

    /** Kind and text of each decided line. */
    List<String> told() {
        return decided.stream().map(line -> line.kind() + " " + line.command()).toList();
    }

    List<String> keystrokes() {
        return decided.stream().map(DecidedLine::keystrokes).toList();
    }
}
