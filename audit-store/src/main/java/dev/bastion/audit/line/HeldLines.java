package dev.bastion.audit.line;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lines that a terminal echoed while no known prompt stood before them: input of a program, or
 * commands typed ahead; among them such as a line editor has yet to show. What the host prints next
 * tells. Confined to one thread.
 */
final class HeldLines {

    private static final int MAX_HELD = 256;

    private final Deque<HeldLine> held = new ArrayDeque<>();
    private final Recorder recorder;

    /** Characters of all lines that were held. */
    private long echoed;

    HeldLines(Recorder recorder) {
        this.recorder = recorder;
    }

    /** Something that is no echo came behind all of them. */
    private boolean printed;

    /** How many characters the terminal has echoed of lines that were held. */
    long echoed() {
        return echoed;
    }

    /** The same, with this one. */
    long echoedWith(TypedLine line) {
        return echoed + line.printables();
    }

    void hold(HeldLine line) {
        printed = false;
        echoed = line.echoed;
        held.forEach(one -> one.echoed(echoed));
        HeldLine before = held.peekLast();
        if (before == null
                ? UnseenInput.isReadBy(recorder.lastCommandText())
                : before.isBeforeUnseenInput()) {
            line.mayBeReadUnseen();
        }
        if (held.size() == MAX_HELD) {
            giveInput(held.remove());
        }
        held.add(line);
    }

    /** Something that is no echo was printed. */
    void printed(long now) {
        if (!printed) {
            printed = true;
            held.forEach(one -> one.printed(now));
        }
    }

    /** A row is over: {@code asked}, if it may have asked and no key was typed to it. */
    void rowEnded(String row, boolean asked, boolean colons) {
        held.forEach(one -> one.rowEnded(row, asked, colons));
    }

    /** End of file or an abort was typed. */
    void endedByHand() {
        held.forEach(HeldLine::endedByHand);
    }

    /** Gives away the oldest ones that were answered some time ago: no shell will show them. */
    void releaseSettled(long now) {
        while (!held.isEmpty() && held.element().isSettled(now)) {
            giveInput(held.remove());
        }
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
        for (HeldLine one : held) {
            if (one.choice.text().stripTrailing().equals(text)) {
                break;
            }
            before++;
        }
        if (before == held.size()) {
            return false;
        }
        for (int i = 0; i < before; i++) {
            giveInput(held.remove());
        }
        show(DecidedLine.Kind.COMMAND, held.remove(), prompt);
        return true;
    }

    /** A shell took this many of the lines, without showing them again. */
    void executed(int count, String prompt) {
        for (int i = 0; i < count && !held.isEmpty(); i++) {
            HeldLine one = held.remove();
            if (one.mayBeTaken()) {
                notShown(one);
            } else {
                give(DecidedLine.Kind.COMMAND, one, prompt);
            }
        }
    }

    /** The text of the oldest, or an empty string. */
    String first() {
        return held.isEmpty() ? "" : held.element().choice.text();
    }

    /** The oldest has keys that edit, and the shell may have made this of it. */
    boolean mayHaveBecome(String text) {
        return !first().isEmpty()
                && !held.element().line.edited.isExact()
                && Chooser.isSubsequence(first().strip(), text);
    }

    /** The oldest was a command; the shell made this of it. */
    void executedAs(String text, String prompt) {
        HeldLine one = held.remove();
        Choice.Text choice = new Choice.Text(text, DecidedLine.Source.SCREEN, 0.7);
        give(DecidedLine.Kind.COMMAND, one.as(choice), prompt);
    }

    /** Something asks for a secret: what was typed behind the last command may be that. */
    void redact() {
        for (HeldLine one : held) {
            boolean atPrompt =
                    one.place == HeldLine.Place.PROMPT || one.place == HeldLine.Place.QUESTION;
            if (!atPrompt && one.line.enters() > recorder.lastCommand()) {
                one.line.redact();
            }
        }
    }

    /** What stands left of the cursor is the prompt that one of them was typed to. */
    boolean wereTypedTo(String left) {
        for (HeldLine one : held) {
            if (one.mayBeCommand() && one.prompt.endsWith(left) && !left.isBlank()) {
                return true;
            }
        }
        return false;
    }

    /** A shell took the line of a later Enter: something else took those before it. */
    void releaseBefore(long enters) {
        while (!held.isEmpty() && held.element().line.enters() < enters) {
            giveInput(held.remove());
        }
    }

    /** They were input, or commands of a shell whose prompt was not known. */
    void release() {
        while (!held.isEmpty()) {
            giveInput(held.remove());
        }
    }

    private void giveInput(HeldLine one) {
        if (one.mayKeep()) {
            give(one.mayBeCommand() ? DecidedLine.Kind.COMMAND : DecidedLine.Kind.INPUT, one, "");
        } else {
            notShown(one);
        }
    }

    private void give(DecidedLine.Kind kind, HeldLine one, String prompt) {
        if (one.line.mustRedact()) {
            notShown(one);
        } else {
            show(kind, one, prompt);
        }
    }

    private void notShown(HeldLine one) {
        if (one.choice.text().isEmpty()) {
            recorder.nothing(one.line);
        } else {
            recorder.notShown(one.line, one.prompt);
        }
        one.line.wipe();
    }

    private void show(DecidedLine.Kind kind, HeldLine one, String prompt) {
        if (one.choice.text().isEmpty()) {
            recorder.nothing(one.line);
            one.line.wipe();
            return;
        }
        recorder.text(
                kind, one.line, one.keystrokes, one.choice, prompt.isEmpty() ? one.prompt : prompt);
        one.line.wipe();
    }
}
