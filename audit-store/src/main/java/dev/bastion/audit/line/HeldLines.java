package dev.bastion.audit.line;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lines that a terminal echoed while no prompt stood before them: input of a program, or commands
 * typed ahead. What the host prints next tells. Confined to one thread.
 */
final class HeldLines {

    private static final int MAX_HELD = 256;

    private record Held(TypedLine line, Choice.Text choice, String keystrokes, String prompt) {}

    private final Deque<Held> held = new ArrayDeque<>();
    private final Recorder recorder;

    HeldLines(Recorder recorder) {
        this.recorder = recorder;
    }

    void hold(TypedLine line, Choice.Text choice, String keystrokes, String prompt) {
        if (held.size() == MAX_HELD) {
            give(DecidedLine.Kind.INPUT, held.remove(), "");
        }
        held.add(new Held(line, choice, keystrokes, prompt));
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /**
     * A prompt and this text stand on the screen. If one of the lines is this text, it was a
     * command typed ahead, and those before it were input.
     */
    boolean executed(String text, String prompt) {
        int before = 0;
        for (Held one : held) {
            if (one.choice.text().stripTrailing().equals(text)) {
                break;
            }
            before++;
        }
        if (before == held.size()) {
            return false;
        }
        for (int i = 0; i < before; i++) {
            give(DecidedLine.Kind.INPUT, held.remove(), "");
        }
        show(DecidedLine.Kind.COMMAND, held.remove(), prompt);
        return true;
    }

    /** A shell took this many of the lines, without showing them again. */
    void executed(int count, String prompt) {
        for (int i = 0; i < count && !held.isEmpty(); i++) {
            give(DecidedLine.Kind.COMMAND, held.remove(), prompt);
        }
    }

    /** An Enter alone, which a shell may still read as an empty line. */
    void holdEmpty(TypedLine line) {
        hold(line, new Choice.Text("", DecidedLine.Source.BOTH, 1.0), "", "");
    }

    /** The text of the oldest, or an empty string. */
    String first() {
        return held.isEmpty() ? "" : held.element().choice.text();
    }

    /** The oldest was a command; the shell made this of it. */
    void executedAs(String text, String prompt) {
        Held one = held.remove();
        Choice.Text choice = new Choice.Text(text, DecidedLine.Source.SCREEN, 0.7);
        give(
                DecidedLine.Kind.COMMAND,
                new Held(one.line, choice, one.keystrokes, one.prompt),
                prompt);
    }

    /** Something asks for a secret: what was typed behind the last command may be that. */
    void redact() {
        for (Held one : held) {
            if (one.line.enters() > recorder.lastCommand()) {
                one.line.redact();
            }
        }
    }

    /** They were input. */
    void release() {
        while (!held.isEmpty()) {
            give(DecidedLine.Kind.INPUT, held.remove(), "");
        }
    }

    private void give(DecidedLine.Kind kind, Held one, String prompt) {
        if (one.line.mustRedact()) {
            recorder.notShown(one.line, one.prompt);
            one.line.wipe();
        } else {
            show(kind, one, prompt);
        }
    }

    private void show(DecidedLine.Kind kind, Held one, String prompt) {
        if (one.choice.text().isEmpty()) {
            recorder.nothing(one.line);
            return;
        }
        recorder.text(
                kind, one.line, one.keystrokes, one.choice, prompt.isEmpty() ? one.prompt : prompt);
        one.line.wipe();
    }
}
