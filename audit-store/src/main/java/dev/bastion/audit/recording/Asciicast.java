package dev.bastion.audit.recording;

import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recording as an asciicast, version 2 or 3, which asciinema plays
 * (docs.asciinema.org/manual/asciicast). Output is text there: what is not UTF-8 becomes U+FFFD.
 * Commands are markers, and lines that were shown are input events, at the time of their Enter. One
 * use, one thread.
 */
public final class Asciicast {

    /** Which of the two formats. */
    public enum Version {
        V2,
        V3
    }

    /** Lines that are put in the place of their Enter; more stand where they were decided. */
    static final int MOST_LINES = 50_000;

    private static final int COLUMNS = 80;
    private static final int ROWS = 24;
    private static final Pattern STATUS = Pattern.compile("exit-status (-?\\d+) .*");

    private final Version version;
    private final Consumer<String> lines;
    private final Utf8Pieces text = new Utf8Pieces();
    private long before;
    private int columns;
    private int rows;

    /**
     * @param lines gets each line of the file, without its end
     */
    public Asciicast(Version version, Consumer<String> lines) {
        this.version = version;
        this.lines = lines;
    }

    /** Writes all of it; how far that was. Reads it twice. */
    public RecordingEnd write(RecordingReader recording) throws RecordingException {
        PriorityQueue<RecordingEvent.Line> typed = typed(recording);
        boolean all = typed.size() < MOST_LINES;
        if (!all) {
            typed.clear();
        }
        recording.seek(0, 0);
        header(recording.header());
        for (RecordingEvent event = recording.next(); event != null; event = recording.next()) {
            while (!typed.isEmpty() && typed.element().enteredMicros() <= event.atMicros()) {
                RecordingEvent.Line line = typed.remove();
                line(line, line.enteredMicros());
            }
            switch (event) {
                case RecordingEvent.Output output ->
                        event(output.atMicros(), 'o', text.decode(output.bytes()));
                case RecordingEvent.Resized size -> resized(size);
                case RecordingEvent.Line line -> {
                    if (!all) {
                        line(line, line.atMicros());
                    }
                }
                case RecordingEvent.Exit exit -> exit(exit);
            }
        }
        event(before, 'o', text.end());
        return recording.end();
    }

    private static PriorityQueue<RecordingEvent.Line> typed(RecordingReader recording)
            throws RecordingException {
        List<RecordingEvent.Line> found = new ArrayList<>();
        for (RecordingEvent event = recording.next();
                event != null && found.size() < MOST_LINES;
                event = recording.next()) {
            if (event instanceof RecordingEvent.Line line) {
                found.add(line);
            }
        }
        var ordered =
                new PriorityQueue<>(
                        Comparator.comparingLong(RecordingEvent.Line::enteredMicros)
                                .thenComparingLong(RecordingEvent.Line::seq));
        ordered.addAll(found);
        return ordered;
    }

    private void header(RecordingHeader header) {
        RecordingHeader.Subject subject = header.subject();
        SessionContext context = subject.context();
        columns = subject.columns() > 0 ? subject.columns() : COLUMNS;
        rows = subject.rows() > 0 ? subject.rows() : ROWS;
        String title =
                json(
                        context.user()
                                + " as "
                                + context.account()
                                + " on "
                                + context.host()
                                + ", session "
                                + context.session());
        long time = header.start().getEpochSecond();
        String terminal = json(subject.terminal());
        lines.accept(
                switch (version) {
                    case V2 ->
                            ("{\"version\":2,\"width\":%d,\"height\":%d,\"timestamp\":%d,"
                                            + "\"title\":%s,\"env\":{\"TERM\":%s}}")
                                    .formatted(columns, rows, time, title, terminal);
                    case V3 ->
                            ("{\"version\":3,\"term\":{\"cols\":%d,\"rows\":%d,\"type\":%s},"
                                            + "\"timestamp\":%d,\"title\":%s}")
                                    .formatted(columns, rows, terminal, time, title);
                });
    }

    private void resized(RecordingEvent.Resized size) {
        boolean known = size.columns() > 0 && size.rows() > 0;
        if (known && (size.columns() != columns || size.rows() != rows)) {
            columns = size.columns();
            rows = size.rows();
            event(size.atMicros(), 'r', columns + "x" + rows);
        }
    }

    private void line(RecordingEvent.Line line, long at) {
        boolean shown = line.kind() == LineKind.COMMAND || line.kind() == LineKind.INPUT;
        if (shown) {
            event(at, 'i', line.keystrokes() + "\r");
        }
        if (line.kind() != LineKind.INPUT) {
            event(at, 'm', line.command());
        }
    }

    private void exit(RecordingEvent.Exit exit) {
        Matcher status = STATUS.matcher(exit.how());
        if (version == Version.V3 && status.matches()) {
            event(exit.atMicros(), 'o', text.end());
            event(exit.atMicros(), 'x', status.group(1));
        }
    }

    private void event(long at, char code, String data) {
        if (data.isEmpty()) {
            return;
        }
        long time = Math.max(at, before);
        long shown = version == Version.V3 ? time - before : time;
        before = time;
        lines.accept(
                "[%d.%06d, \"%s\", %s]"
                        .formatted(shown / 1_000_000, shown % 1_000_000, code, json(data)));
    }

    private static String json(String value) {
        StringBuilder out = new StringBuilder(value.length() + 16).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
