package dev.bastion.audit.line;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys up to an Enter or an abort: as they came, as the text they make, and how much of them
 * the host has shown. Confined to one thread.
 */
final class TypedLine {

    /** What the keystrokes of a record hold at most, in characters. */
    static final int MAX_RAW = 16 * 1024;

    /** Output that is not the echo may stand between echoes up to this many times the keys, … */
    private static final int STRAY_FACTOR = 3;

    /** … and this many characters more; past that, a match is chance. */
    private static final int STRAY_ALLOWANCE = 80;

    private final StringBuilder raw = new StringBuilder();
    private int[] printable = new int[16];
    private int printables;
    private int echoed;
    private int stray;
    private int outside;
    private int keys;
    private boolean aborted;
    private boolean redactable;
    private boolean faulty;
    private boolean beganElsewhere;
    private boolean atKnownPrompt;
    private boolean endedByHand;
    private boolean hidden;
    private long enteredNanos;
    private long enters;

    final EditedText edited = new EditedText();

    /** The same keys in an editor that takes marks together with their character, else null. */
    private @Nullable EditedText clusters;

    /** A printable key; {@code inEditor}: a line editor had announced that it reads. */
    void text(int point, boolean inEditor) {
        keys++;
        edited.insert(point);
        if (clusters != null) {
            clusters.insert(point);
        } else if (edited.hasMarks()) {
            clusters = edited.copyByCluster();
        }
        addRaw(point);
        if (!inEditor) {
            outside++;
        }
        if (point >= 0x20 && printables < MAX_RAW) {
            if (printables == printable.length) {
                int[] longer = Arrays.copyOf(printable, printables * 2);
                Arrays.fill(printable, 0);
                printable = longer;
            }
            printable[printables++] = point;
        }
    }

    void edit(EditKey edit, String bytes, boolean inEditor) {
        keys++;
        edited.edit(edit);
        if (clusters != null) {
            clusters.edit(edit);
        }
        if (bytes.startsWith("\033") && (edit == EditKey.HOME || edit == EditKey.END)) {
            edited.raise(EditedText.Level.DIFFERS);
        }
        bytes.chars().forEach(this::addRaw);
        if (!inEditor) {
            outside++;
        }
    }

    /** So many keys were typed of which nothing is kept. */
    void hide(int count) {
        keys += count;
        outside += count;
        hidden = true;
        edited.raise(EditedText.Level.UNKNOWN);
    }

    boolean isHidden() {
        return hidden;
    }

    private void addRaw(int point) {
        if (raw.length() >= MAX_RAW) {
            return;
        }
        if (point < 0x20) {
            raw.append('^').append((char) (point + 0x40));
        } else if (point == 0x7f) {
            raw.append("^?");
        } else {
            raw.appendCodePoint(point);
        }
    }

    /**
     * Ends with Enter, or with an abort: which of the session's, and when by the caller's clock.
     */
    void close(boolean abort, long nanos, long number) {
        enters = number;
        aborted = abort;
        enteredNanos = nanos;
    }

    /** It was typed to the terminal itself, which takes marks one by one. */
    void tookEachMark() {
        clusters = null;
    }

    /** What the keys make in an editor that takes marks together with their character. */
    String clusterText() {
        return clusters == null ? edited.text() : clusters.text();
    }

    /**
     * A character that the host printed while this was the oldest line not wholly echoed. Returns
     * whether it is the echo.
     */
    boolean shown(int point) {
        if (echoed == printables) {
            return false;
        }
        if (printable[echoed] == point) {
            echoed++;
            return true;
        }
        stray++;
        return false;
    }

    boolean wantsEcho() {
        return echoed < printables;
    }

    /** The host printed all printable keys in order, with little between them. */
    boolean wasEchoed() {
        return echoed == printables && stray <= STRAY_FACTOR * printables + STRAY_ALLOWANCE;
    }

    /** The host printed all printable keys in order, whatever else it printed. */
    boolean isAllPrinted() {
        return echoed == printables;
    }

    /** All its keys were typed while a line editor was reading. */
    boolean wasInEditor() {
        return outside == 0;
    }

    /** A prompt for a secret came after its first key: its echo proves nothing. */
    void redact() {
        redactable = true;
    }

    boolean mustRedact() {
        return redactable && outside > 0;
    }

    /** Its first key was not typed behind a known prompt. */
    void beganElsewhere() {
        beganElsewhere = true;
    }

    boolean hasBegunElsewhere() {
        return beganElsewhere;
    }

    /** What stands before it is known to show what is typed to it. */
    void atKnownPrompt(boolean known) {
        atKnownPrompt = known;
    }

    boolean isAtKnownPrompt() {
        return atKnownPrompt;
    }

    /** An abort or an end of file was typed behind it, before its echo came. */
    void endedByHand() {
        endedByHand = true;
    }

    boolean isEndedByHand() {
        return endedByHand;
    }

    void fault() {
        faulty = true;
    }

    boolean isFaulty() {
        return faulty;
    }

    boolean isAborted() {
        return aborted;
    }

    /** Nothing was typed, not even a key that edits. */
    boolean isUntouched() {
        return keys == 0;
    }

    int keys() {
        return keys;
    }

    int printables() {
        return printables;
    }

    long enteredNanos() {
        return enteredNanos;
    }

    long enters() {
        return enters;
    }

    /** Control characters in caret notation. */
    String raw() {
        return raw.toString();
    }

    /** Forgets all that was typed. */
    void wipe() {
        Arrays.fill(printable, 0);
        for (int i = 0; i < raw.length(); i++) {
            raw.setCharAt(i, ' ');
        }
        raw.setLength(0);
        edited.wipe();
        if (clusters != null) {
            clusters.wipe();
        }
    }
}
