package dev.bastion.server.tap;

import dev.bastion.audit.line.CommandLines;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine that decides lines, behind the one place where what it throws ends: a session goes on
 * without it, and then only how much was typed is recorded. The log hears of the first fault, and
 * nothing of what was typed. Confined to its tap's lock.
 */
final class SafeLines {

    private static final Logger LOG = LoggerFactory.getLogger(SafeLines.class);

    /**
     * The system property that leaves the engine out when it is {@code entered}, so that a
     * benchmark can compare.
     */
    static final String PROPERTY = "bastion.lines";

    private final SessionRecorder recorder;
    private final OpenLines lines;
    private final CommandLines engine;
    private boolean broken = "entered".equals(System.getProperty(PROPERTY));
    private boolean told = broken;

    SafeLines(SessionRecorder recorder, OpenLines lines, int columns, int rows) {
        this.recorder = recorder;
        this.lines = lines;
        engine = new CommandLines(columns, rows, lines);
    }

    /**
     * What the operator typed.
     *
     * @param first whether these bytes are the first of what came at once
     */
    void input(byte[] bytes, int from, int to, long nanos, boolean first) {
        step(() -> engine.input(bytes, from, to - from, nanos, first));
    }

    /** What the host sent. */
    void output(byte[] bytes, int offset, int length, long nanos) {
        step(() -> engine.output(bytes, offset, length, nanos));
    }

    void resize(int columns, int rows) {
        step(() -> engine.resize(columns, rows));
    }

    /** Whether what is being typed stands at a prompt that is known to show it. */
    boolean isAtKnownPrompt() {
        return answer(engine::isAtKnownPrompt);
    }

    /** Tells what was typed and not ended, then decides all that waits. */
    void close() {
        step(() -> lines.unfinished(engine.current()));
        step(engine::close);
    }

    private void step(Runnable step) {
        var _ =
                answer(() -> {
                    step.run();
                    return true;
                });
    }

    private boolean answer(BooleanSupplier question) {
        if (broken) {
            return false;
        }
        boolean result = false;
        try {
            result = question.getAsBoolean();
        } catch (RuntimeException | StackOverflowError fault) {
            broken = true;
        }
        if (!told && (broken || engine.faults() > 0)) {
            told = true;
            LOG.warn(
                    "session {}: what finds its command lines {}",
                    recorder.session(),
                    broken
                            ? "failed, and only how much is typed is recorded from now on"
                            : "had a fault, and the lines that waited are less sure");
        }
        return result;
    }
}
