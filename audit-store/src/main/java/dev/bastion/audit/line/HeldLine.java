package dev.bastion.audit.line;

/**
 * A line that the terminal echoed where no known prompt stood, and what is known of who took it. It
 * is kept only if a program was seen to read it while it was typed: if it was typed ahead, a prompt
 * that does not echo may have taken it later, and then it may be a secret although it was shown.
 * Confined to one thread.
 *
 * <p>A program that waits for a line is silent until it comes, and answers at once. One that works
 * prints when it likes. A prompt that takes what was typed ahead stands on a row that ends without
 * a key typed to it.
 */
final class HeldLine {

    /** Where the line was typed. */
    enum Place {
        /** Behind text that ends as prompts of shells do. */
        PROMPT,
        /** Behind text that ends as questions do. */
        QUESTION,
        /** Where nothing stood, or before a row that had something in it was over. */
        NOWHERE,
        /** Behind text that ends otherwise, as of a program that tells how far it is. */
        OTHER
    }

    /** An answer comes within this, and within the tenth part of the silence before it. */
    private static final long ANSWER_NANOS = 250_000_000;

    /** What is shorter is no silence. */
    private static final long SILENCE_NANOS = 50_000_000;

    /** Then nothing more is to be expected from the answer. */
    private static final long SETTLED_NANOS = 500_000_000;

    final TypedLine line;
    final Choice.Text choice;
    final String keystrokes;
    final String prompt;
    final Place place;

    /** The text without blanks at its end, as a row would show it. */
    private final String row;

    /** Characters that were echoed of lines up to this one. */
    final long echoed;

    private final long echoedNanos;
    private final long silenceNanos;
    private long answeredNanos;
    private boolean printed;
    private boolean rows;
    private boolean answered;
    private boolean asked;
    private boolean colons;
    private boolean shownAgain;
    private boolean handed;
    private boolean read;
    private boolean unseen;
    private boolean unechoed;

    /**
     * @param echoed characters of the lines that were held up to this one, this one too
     * @param silenceNanos how long nothing but echoes had come when the echo of the Enter did
     */
    HeldLine(
            TypedLine line,
            Choice.Text choice,
            String keystrokes,
            String prompt,
            Place place,
            long echoed,
            long echoedNanos,
            long silenceNanos) {
        this.line = line;
        this.choice = choice;
        this.keystrokes = keystrokes;
        this.prompt = prompt;
        this.place = place;
        row = choice.text().stripTrailing();
        this.echoed = echoed;
        this.echoedNanos = echoedNanos;
        this.silenceNanos = silenceNanos;
    }

    /**
     * A line that nothing echoed: it is kept only if a prompt with just this text is shown.
     *
     * @param echoed characters of the lines that were held before it
     */
    static HeldLine unechoed(
            TypedLine line, Choice.Text choice, String keystrokes, long echoed, long now) {
        HeldLine held = new HeldLine(line, choice, keystrokes, "", Place.NOWHERE, echoed, now, 0);
        held.unechoed = true;
        return held;
    }

    /** The same line, of which a shell made another text. */
    HeldLine as(Choice.Text made) {
        String keys = mayKeep() ? keystrokes : Recorder.notEchoed(line.keys());
        return new HeldLine(line, made, keys, prompt, place, echoed, echoedNanos, silenceNanos);
    }

    /** What runs, or was typed before it, says that it reads without an echo. */
    void mayBeReadUnseen() {
        unseen = true;
    }

    /** The same for what is typed behind it. */
    boolean isBeforeUnseenInput() {
        return unseen || UnseenInput.isReadBy(choice.text());
    }

    /** Something that is no echo was printed. */
    void printed(long now) {
        if (!printed && !read) {
            printed = true;
            long taken = now - echoedNanos;
            answered =
                    silenceNanos >= SILENCE_NANOS
                            && taken <= Math.min(ANSWER_NANOS, silenceNanos / 10);
            answeredNanos = now;
        }
    }

    /**
     * A row that is no echo is over.
     *
     * @param asked it may have asked for something, and no key was typed to it
     * @param colons a mark as of a question stands in it
     */
    void rowEnded(String ended, boolean asked, boolean colons) {
        if (read) {
            return;
        }
        rows = true;
        this.asked |= asked;
        // What tells how far it is answers nobody.
        answered &= !Prompts.isProgress(ended);
        this.colons |= colons;
        shownAgain |= ended.equals(row);
    }

    /** The operator ended the program's input, or the program, while nothing stood on the row. */
    void endedByHand() {
        handed |= !rows;
    }

    /**
     * So many characters were echoed of lines up to now. With more behind this one than a terminal
     * keeps it was read, before whatever is printed from now on.
     */
    void echoed(long upToNow) {
        read |= upToNow - echoed > Session.TERMINAL_KEEPS;
    }

    /** Something may have asked for it, or not even that, and taken it. */
    boolean mayBeTaken() {
        return asked || unechoed || (unseen && !mayKeep());
    }

    /** It was answered, and that is some time ago; nothing that comes later can be for it. */
    boolean isSettled(long now) {
        boolean told = place == Place.QUESTION || (place == Place.NOWHERE && rows);
        return told && answered && now - answeredNanos >= SETTLED_NANOS && mayKeep();
    }

    /** Whether a program was seen to read it. */
    boolean mayKeep() {
        if (unechoed) {
            return false;
        }
        if (handed || shownAgain) {
            return true;
        }
        if (asked) {
            return false;
        }
        if (read && !colons) {
            return true;
        }
        return switch (place) {
            case PROMPT, QUESTION -> answered || !(colons || unseen);
            case NOWHERE -> !(rows || unseen) || (answered && !colons);
            case OTHER -> !(rows || unseen);
        };
    }

    /** A shell of its own may have read it: one whose prompt is not known yet. */
    boolean mayBeCommand() {
        return place == Place.PROMPT && mayKeep();
    }
}
