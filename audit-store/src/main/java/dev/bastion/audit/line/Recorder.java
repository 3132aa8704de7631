package dev.bastion.audit.line;

import dev.bastion.audit.line.DecidedLine.Kind;
import dev.bastion.audit.line.DecidedLine.Source;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of decided lines. A command that history may expand waits for the next line of
 * output, and what is decided meanwhile waits behind it. Confined to one thread.
 */
final class Recorder {

    /** The confidence of a record in which something went wrong inside is at most this. */
    private static final double AFTER_FAULT = 0.2;

    private static final int MAX_WAITING = 16;

    private final LineListener listener;
    private final Queue<DecidedLine> behind = new ArrayDeque<>();
    private long lastCommand;
    private String lastCommandText = "";
    private @Nullable DecidedLine waiting;
    private @Nullable HistoryExpansion expansion;

    Recorder(LineListener listener) {
        this.listener = listener;
    }

    /** A line whose text is known. The text was shown, or all its keys were. */
    void text(Kind kind, TypedLine line, String keystrokes, Choice.Text choice, String prompt) {
        DecidedLine record =
                record(
                        kind,
                        line,
                        keystrokes,
                        choice.text(),
                        prompt,
                        choice.source(),
                        choice.confidence());
        if (kind == Kind.COMMAND) {
            lastCommand = line.enters();
            lastCommandText = choice.text();
        }
        HistoryExpansion live = kind == Kind.COMMAND ? HistoryExpansion.of(choice.text()) : null;
        if (live != null && waiting == null) {
            waiting = record;
            expansion = live;
        } else {
            give(record);
        }
    }

    /** A line that was not shown: only how many keys it had, roughly. */
    void notShown(TypedLine line, String prompt) {
        give(
                record(
                        Kind.NO_ECHO,
                        line,
                        notEchoed(line.keys()),
                        "",
                        prompt,
                        Source.SEALED_AND_UNJUDGED,
                        0.9));
    }

    /** An Enter or an abort that no record is made of. */
    void nothing(TypedLine line) {
        listener.nothing(line.enters());
    }

    void fullscreen(int keys, long enters, long nanos) {
        give(
                new DecidedLine(
                        Kind.FULLSCREEN,
                        "",
                        "[" + keys + " keys]",
                        "",
                        Source.SEALED_AND_UNJUDGED,
                        1.0,
                        enters,
                        nanos));
    }

    private static DecidedLine record(
            Kind kind,
            TypedLine line,
            String keystrokes,
            String command,
            String prompt,
            Source source,
            double confidence) {
        double sure = line.isFaulty() ? Math.min(AFTER_FAULT, confidence) : confidence;
        return new DecidedLine(
                kind,
                command,
                keystrokes,
                prompt,
                source,
                sure,
                line.enters(),
                line.enteredNanos());
    }

    private void give(DecidedLine record) {
        if (waiting == null) {
            listener.decided(record);
            return;
        }
        behind.add(record);
        if (behind.size() > MAX_WAITING) {
            release();
        }
    }

    /** Which Enter ended the last command. */
    long lastCommand() {
        return lastCommand;
    }

    /** What was told as that command. */
    String lastCommandText() {
        return lastCommandText;
    }

    boolean awaitsOutput() {
        return waiting != null;
    }

    /** Whether a row still shows the command that waits, as it was typed. */
    boolean isAwaited(String row) {
        return waiting != null && row.contains(waiting.command());
    }

    /** The first line of output behind a command that waits. */
    void outputLine(String line) {
        DecidedLine command = waiting;
        if (command == null || expansion == null) {
            return;
        }
        if (expansion.matches(line)) {
            waiting =
                    new DecidedLine(
                            command.kind(),
                            line,
                            command.keystrokes(),
                            command.prompt(),
                            Source.SCREEN,
                            command.confidence(),
                            command.enters(),
                            command.enteredNanos());
        }
        release();
    }

    /** Gives away what waits for an expansion that did not come. */
    void release() {
        DecidedLine command = waiting;
        if (command == null) {
            return;
        }
        waiting = null;
        expansion = null;
        listener.decided(command);
        while (!behind.isEmpty()) {
            listener.decided(behind.remove());
        }
    }

    /** The keys of a line when they may be stored, else how many there were. */
    static String keystrokes(TypedLine line, boolean shownInEditor) {
        boolean shown =
                (line.wasInEditor() && shownInEditor && line.isAllPrinted()) || line.wasEchoed();
        return shown && !line.mustRedact() && !line.isHidden()
                ? line.raw()
                : notEchoed(line.keys());
    }

    /** Roughly how many keys. */
    static String notEchoed(int keys) {
        String count =
                keys < 8
                        ? "1-7 keys"
                        : keys < 16 ? "8-15 keys" : keys < 32 ? "16-31 keys" : "32 keys or more";
        return "[not echoed: " + count + "]";
    }
}
