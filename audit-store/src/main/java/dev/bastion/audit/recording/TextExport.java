package dev.bastion.audit.recording;

import dev.bastion.audit.line.ShownLines;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * A recording as text: the lines that the terminal showed, each with the time at which it was
 * written to last. One use, one thread.
 */
public final class TextExport {

    /** A full-screen program that says nothing for so long is looked at. */
    private static final long REST_MICROS = 250_000;

    private final Consumer<String> lines;

    /**
     * @param lines gets each line, without its end; what it contains is not harmless in itself
     */
    public TextExport(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Writes all of it; how far that was. */
    public RecordingEnd write(RecordingReader recording) throws RecordingException {
        RecordingHeader header = recording.header();
        ShownLines shown =
                new ShownLines(
                        header.subject().columns(),
                        header.subject().rows(),
                        (stamp, text) -> line(header.start().plusMillis(stamp), text));
        long before = 0;
        for (RecordingEvent event = recording.next(); event != null; event = recording.next()) {
            switch (event) {
                case RecordingEvent.Output output -> {
                    if (output.atMicros() - before >= REST_MICROS) {
                        shown.rests();
                    }
                    before = output.atMicros();
                    shown.output(millis(before), output.bytes());
                }
                case RecordingEvent.Resized size -> shown.resize(size.columns(), size.rows());
                case RecordingEvent.Line line -> {}
                case RecordingEvent.Exit exit -> {
                    shown.end();
                    line(
                            header.start().plus(exit.atMicros(), ChronoUnit.MICROS),
                            "[" + exit.how() + "]");
                    return end(recording);
                }
            }
        }
        shown.end();
        return recording.end();
    }

    /** The exit is the last event; what comes behind it tells whether all is there. */
    private static RecordingEnd end(RecordingReader recording) throws RecordingException {
        var _ = recording.next();
        return recording.end();
    }

    private static int millis(long micros) {
        return (int) Math.min(Integer.MAX_VALUE, micros / 1_000);
    }

    private void line(Instant at, String text) {
        lines.accept(at.truncatedTo(ChronoUnit.MILLIS) + "  " + text);
    }
}
