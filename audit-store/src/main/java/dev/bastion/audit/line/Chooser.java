package dev.bastion.audit.line;

import static dev.bastion.audit.line.DecidedLine.Source.BOTH;
import static dev.bastion.audit.line.DecidedLine.Source.SCREEN;
import static dev.bastion.audit.line.DecidedLine.Source.TYPED;

import java.util.regex.Pattern;

/** Chooses between what the keys say and what the screen says. Stateless. */
final class Chooser {

    private static final Pattern MASK = Pattern.compile("[*•●∙]{1,4096}");

    /** What is shorter may stand in other output by chance. */
    private static final int LEAST_MIXED = 4;

    private Chooser() {}

    /** The line editor let go of its line. */
    static Choice inEditor(Reading reading, TypedLine line, Edit edit, int columns) {
        EditedText edited = line.edited;
        String shown = reading.text();
        String typed = typedLike(line, shown);
        boolean exact = edited.isExact();
        if (agrees(shown, typed) || (exact && agrees(reading.withFaint(), typed))) {
            return typed.isBlank()
                    ? exact ? new Choice.Nothing() : emptyRow(line, typed)
                    : new Choice.Text(typed, BOTH, confidence(reading, 1.0));
        }
        if (shown.isBlank()) {
            return emptyRow(line, typed);
        }
        if (isMask(shown, typed)) {
            return new Choice.NotShown();
        }
        if (exact && line.hasBegunElsewhere() && isSure(reading) && isTail(shown, typed)) {
            return new Choice.Text(shown, SCREEN, 0.8);
        }
        if (exact
                && typed.isBlank()
                && (edit.otherOutput || edit.isAnchored() || isBareRow(reading))) {
            return new Choice.Nothing();
        }
        if (exact && !typed.isBlank()) {
            boolean outputMixedIn =
                    typed.indexOf('\n') < 0
                            && shown.indexOf('\n') >= 0
                            && isSubsequence(typed, shown);
            if (outputMixedIn
                    || (edit.otherOutput && line.isAllPrinted() && isMixedWithOther(shown, typed))
                    || edit.resized
                    || isWindow(shown, typed, columns)
                    || isPartOfBlock(shown, typed)
                    || withoutMarks(typed).equals(withoutMarks(shown))) {
                return new Choice.Text(typed, TYPED, 0.8);
            }
        }
        return new Choice.Text(shown, SCREEN, confidence(reading, 0.95));
    }

    private static boolean isSure(Reading reading) {
        return reading.start().compareTo(Reading.Start.LEARNED) <= 0;
    }

    /** The first keys went to something else, which took them one by one. */
    static boolean isTail(String shown, String typed) {
        return shown.length() < typed.length() && typed.endsWith(shown);
    }

    /** What the keys make, in the editor's way of taking marks apart from their characters. */
    private static String typedLike(TypedLine line, String shown) {
        String typed = line.edited.text();
        String other = line.clusterText();
        return !other.equals(typed)
                        && !agrees(shown, typed)
                        && withoutMarks(other).equals(withoutMarks(shown))
                ? other
                : typed;
    }

    /** What a job printed stands behind the line, or before the end of it. */
    private static boolean isMixedWithOther(String shown, String typed) {
        String last = shown.substring(shown.lastIndexOf('\n') + 1);
        return last.length() < shown.length()
                ? typed.indexOf('\n') < 0
                        && last.length() >= LEAST_MIXED
                        && (typed.endsWith(last) || isWrittenOver(last, typed))
                : shown.startsWith(typed);
    }

    /** The end of the line was written over what stood in its row, which was the line's, too. */
    private static boolean isWrittenOver(String row, String typed) {
        int end = Math.min(row.length() - 1, Screen.MAX_COLUMNS);
        while (end >= LEAST_MIXED && !typed.regionMatches(typed.length() - end, row, 0, end)) {
            end--;
        }
        // With less of the end, more of the row would have to be the line's.
        return end >= LEAST_MIXED && typed.contains(row.substring(end));
    }

    /** The screen shows the same but for blanks, or some of the lines of a block. */
    private static boolean isPartOfBlock(String shown, String typed) {
        String all = withoutBlanks(typed);
        String part = withoutBlanks(shown);
        return part.equals(all)
                || (typed.indexOf('\n') >= 0
                        && 3 * part.length() > all.length()
                        && all.contains(part));
    }

    private static String withoutBlanks(String text) {
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                result.append(text.charAt(i));
            }
        }
        return result.toString();
    }

    private static Choice emptyRow(TypedLine line, String typed) {
        if (line.printables() == 0) {
            return new Choice.Nothing();
        }
        if (!line.wasEchoed()) {
            return new Choice.NotShown();
        }
        return line.edited.isExact() && !typed.isBlank()
                ? new Choice.Text(typed, TYPED, 0.6)
                : new Choice.Nothing();
    }

    /** A line feed came while an Enter waited, and no line editor had announced itself. */
    static Choice onPlainTerminal(
            Reading reading, String logicalRow, String recent, TypedLine line, int columns) {
        EditedText edited = line.edited;
        String shown = reading.text();
        String typed = typedLike(line, shown);
        boolean anchored = reading.start() == Reading.Start.ANCHOR;
        if (edited.isExact()) {
            if (typed.isBlank()) {
                return isBareRow(reading) ? new Choice.Nothing() : new Choice.Wait();
            }
            if (agrees(shown, typed)) {
                return new Choice.Text(typed, BOTH, confidence(reading, 1.0));
            }
            if (logicalRow.endsWith(typed.stripTrailing())) {
                return new Choice.Text(typed, BOTH, 0.9);
            }
            if (line.hasBegunElsewhere()
                    && !shown.isBlank()
                    && isSure(reading)
                    && isTail(shown, typed)) {
                String head = typed.substring(0, typed.length() - shown.length());
                // A prompt came between keys that the terminal itself kept as one line.
                return line.wasEchoed() && logicalRow.equals(head + reading.promptRow() + shown)
                        ? new Choice.Text(typed, BOTH, 0.8)
                        : new Choice.Text(shown, SCREEN, 0.8);
            }
            if (isWindow(shown, typed, columns)) {
                return new Choice.Text(typed, TYPED, 0.8);
            }
        } else if (anchored && edited.level() == EditedText.Level.UNKNOWN && !shown.isBlank()) {
            return new Choice.Text(shown, SCREEN, 0.9);
        }
        if (anchored && isMask(shown, typed)) {
            return new Choice.NotShown();
        }
        if (anchored && shown.isBlank()) {
            return line.printables() == 0
                    ? new Choice.Nothing()
                    : line.wasEchoed() && typed.isBlank()
                            ? new Choice.Nothing()
                            : new Choice.NotShown();
        }
        String kernel = edited.kernelText();
        if (!shown.isBlank() && agrees(shown, kernel)) {
            return new Choice.Text(kernel, BOTH, 0.9);
        }
        if (!edited.isExact()
                && !shown.isBlank()
                && reading.start().compareTo(Reading.Start.LEARNED) <= 0) {
            return new Choice.Text(shown, SCREEN, 0.8);
        }
        if (line.wasEchoed() && !typed.isBlank()) {
            boolean known = reading.start().compareTo(Reading.Start.LEARNED) <= 0;
            if (known && 2 * commonPrefix(shown, typed) >= typed.length()) {
                // A terminal that edits by itself shows other keys as ^A.
                String text = edited.isExact() && shown.indexOf('^') < 0 ? typed : kernel;
                return new Choice.Text(text, TYPED, 0.8);
            }
            if (isSubsequence(typed, anchored ? shown : recent)) {
                return new Choice.Text(typed, TYPED, 0.7);
            }
        }
        return new Choice.Wait();
    }

    private static boolean isBareRow(Reading reading) {
        return reading.isEmpty()
                || (reading.start() == Reading.Start.ROW && Prompts.isStrict(reading.text() + " "));
    }

    /** Whether a later line, behind ones that do not fit, is the one that the screen shows. */
    static boolean fitsSurely(Reading reading, TypedLine line) {
        String typed = line.edited.text();
        return !line.isAborted()
                && line.edited.isExact()
                && !typed.isBlank()
                && agrees(reading.text(), typed);
    }

    private static double confidence(Reading reading, double best) {
        return switch (reading.start()) {
            case ANCHOR -> best;
            case LEARNED -> best - 0.05;
            case TYPED -> best - 0.1;
            case PATTERN -> best - 0.3;
            case ROW, NOTHING -> best - 0.4;
        };
    }

    /** The same but for blanks at the ends of lines, which a screen does not show. */
    static boolean agrees(String shown, String typed) {
        return shown.equals(typed)
                || shown.equals(typed.stripTrailing())
                || (typed.indexOf('\n') >= 0
                        && withoutLineEnds(shown).equals(withoutLineEnds(typed)));
    }

    private static String withoutLineEnds(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.lines().forEach(line -> result.append(line.stripTrailing()).append('\n'));
        return result.toString();
    }

    static boolean isMask(String shown, String typed) {
        return !shown.equals(typed) && MASK.matcher(shown).matches();
    }

    /** The editor shows only a part of a line that is wider than the terminal. */
    private static boolean isWindow(String shown, String typed, int columns) {
        int length = shown.length();
        if (typed.length() <= length || length < columns / 4 || length < 8) {
            return false;
        }
        char last = shown.charAt(length - 1);
        boolean marked = WindowRow.isMark(last);
        String inner = (marked ? shown.substring(0, length - 1) : shown).stripTrailing();
        return (marked && typed.contains(inner))
                || (inner.startsWith("<") && typed.contains(inner.substring(1)));
    }

    private static int commonPrefix(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int same = 0;
        while (same < length && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same;
    }

    static boolean isSubsequence(String part, String whole) {
        int next = 0;
        for (int i = 0; i < whole.length() && next < part.length(); i++) {
            if (whole.charAt(i) == part.charAt(next)) {
                next++;
            }
        }
        return next == part.length();
    }

    private static String withoutMarks(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .filter(point -> CharacterWidth.of(point) > 0)
                .forEach(result::appendCodePoint);
        return result.toString();
    }
}
