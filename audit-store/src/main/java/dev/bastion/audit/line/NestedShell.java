package dev.bastion.audit.line;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A shell inside a program that has the whole screen, as in tmux. Its lines are told from keys of
 * an editor or a pager by a prompt: by what stands left of the cursor at the first key, and when
 * that or the line is shown only after the Enter, by the row that the cursor leaves. Confined to
 * one thread.
 */
final class NestedShell {

    /** Lines that wait to be shown; when more are typed the oldest is given up. */
    private static final int MAX_WAITING = 256;

    /** What stands right of the shell may be another one, behind this. */
    private static final char BORDER = '│';

    /** Of these a comment or a quotation may begin in an editor. */
    private static final String MARKS = " #$%>*/;-";

    /**
     * Characters that may be looked at for each line, many times what it takes until it is shown:
     * so much output as a host may send costs no more.
     */
    private static final long LOOKS_PER_LINE = 1 << 20;

    /** What a look costs apart from the characters of the row, as so many of them. */
    private static final int EACH_LOOK = 40;

    /** A line is not given up before this time, however fast the host answers. */
    private static final long LATE_NANOS = 200_000_000;

    private final Session session;

    /**
     * A line that was entered and not shown yet.
     *
     * @param early the same with keys that came before its prompt was there, if there were any
     * @param prompt that stood left of its first key, or an empty string
     */
    private record Waiting(TypedLine line, @Nullable TypedLine early, String prompt) {

        void wipe() {
            line.wipe();
            if (early != null) {
                early.wipe();
            }
        }
    }

    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private TypedLine line = new TypedLine();

    /** The line with keys that came before the prompt was there, which something else may have. */
    private @Nullable TypedLine early;

    private @Nullable Edit anchor;

    /** A prompt has stood left of a key. */
    private boolean prompted;

    /** The row that was told last, while it may be looked at again. */
    private String toldRow = "";

    /** The row that the cursor was in when this looked last. */
    private long lastRow = -1;

    /** Something was printed since then. */
    private boolean printed;

    /** Characters that may still be looked at, before all that wait are given up. */
    private long looksLeft;

    NestedShell(Session session) {
        this.session = session;
    }

    void text(int point) {
        beforeKey();
        line.text(point, false);
        if (early != null) {
            early.text(point, false);
        }
    }

    void edit(EditKey edit, String raw) {
        beforeKey();
        line.edit(edit, raw, false);
        if (early != null) {
            early.edit(edit, raw, false);
        }
    }

    void abort() {
        forgetLine();
    }

    private void forgetLine() {
        line.wipe();
        if (early != null) {
            early.wipe();
        }
        begin();
    }

    private void begin() {
        line = new TypedLine();
        early = null;
        anchor = null;
    }

    private void beforeKey() {
        boolean begun = !line.isUntouched();
        if (begun && (anchor != null || early != null)) {
            return;
        }
        String left = session.leftOfCursor();
        if (begun) {
            if (!session.prompts.isLearned(left)) {
                return;
            }
            early = line;
            line = new TypedLine();
        }
        if (session.prompts.isLearned(left) || isPrompt(left, session.screen.cursorRow())) {
            prompted = true;
            giveUpLate();
            Edit edit = session.beginEdit(false);
            edit.anchor(session.screen, false);
            session.edit = null;
            anchor = edit;
        }
    }

    /** A prompt stands: what was entered long before is not shown any more. */
    private void giveUpLate() {
        while (!waiting.isEmpty() && isLate(waiting.element())) {
            giveUp(waiting.remove());
        }
    }

    private boolean isLate(Waiting one) {
        long roundTrip = session.roundTrip.nanos();
        return session.now - one.line.enteredNanos()
                > Math.max(LATE_NANOS, roundTrip + roundTrip / 2);
    }

    /** Whether the line that is being typed may be one of a shell. */
    boolean mayBeLine() {
        return prompted && !line.isUntouched();
    }

    /**
     * The line is entered, as the last Enter of the session. The last keys may not be shown yet,
     * but some must be: what is not shown is not kept. What a shell makes of keys that edit may
     * still change: it is told by the row that the cursor leaves.
     *
     * @return whether the line is told
     */
    boolean enter() {
        boolean may = mayBeLine();
        line.close(false, session.now, session.enters);
        boolean told = tell();
        if (may && !told) {
            if (waiting.isEmpty()) {
                toldRow = "";
                lastRow = -1;
            }
            looksLeft = Math.min(looksLeft, waiting.size() * LOOKS_PER_LINE) + LOOKS_PER_LINE;
            waiting.add(new Waiting(line, early, anchor == null ? "" : anchor.promptRow()));
            begin();
            if (waiting.size() > MAX_WAITING) {
                giveUp(waiting.remove());
            }
        } else {
            forgetLine();
        }
        return told;
    }

    private boolean tell() {
        Edit edit = anchor;
        if (edit == null || !line.edited.isExact() || !waiting.isEmpty()) {
            return false;
        }
        String typed = line.edited.text();
        String shown = session.reader.read(edit, typed).text();
        if (shown.isBlank()
                || !typed.startsWith(shown)
                || typed.length() > 2 * shown.length() + 1) {
            return false;
        }
        tell(line, new Choice.Text(typed, DecidedLine.Source.BOTH, 0.8), edit.promptRow());
        return true;
    }

    private void tell(TypedLine told, Choice.Text choice, String prompt) {
        String keys =
                told.edited.isExact() && told.raw().equals(choice.text())
                        ? told.raw()
                        : Recorder.keystrokes(told, false);
        session.prompts.learn(prompt);
        session.recorder.text(DecidedLine.Kind.COMMAND, told, keys, choice, prompt);
    }

    /** A character was printed. */
    void printed() {
        printed = true;
    }

    /** The cursor is about to move, by a line feed or otherwise. */
    void moving(boolean lineFeed) {
        if (lineFeed && session.recorder.awaitsOutput()) {
            expands(session.logicalRow());
        }
        if (waiting.isEmpty()) {
            return;
        }
        long row = session.screen.cursorRow();
        if (!lineFeed && !printed && row == lastRow) {
            return;
        }
        printed = false;
        if (lastRow >= 0 && wentOn(row)) {
            look(lastRow, true);
        }
        look(row, lineFeed);
        lastRow = lineFeed ? -1 : row;
    }

    /**
     * Whether the cursor went below the last row, but not to a line at the bottom that tells the
     * state; or to the top, from where several rows are scrolled away.
     */
    private boolean wentOn(long row) {
        long bottom = session.screen.lastRow();
        long top = bottom - session.screen.rows() + 1;
        return (row == lastRow + 1 && row < bottom) || (row == top && lastRow > top);
    }

    /** The first row below a command is what history made of it. */
    private void expands(String row) {
        if (!row.isBlank() && !session.recorder.isAwaited(row)) {
            session.recorder.outputLine(row);
        }
    }

    /**
     * @param left the cursor has left the row, or is leaving it: it is as the shell got it
     */
    private void look(long number, boolean left) {
        String row = session.reader.logicalEndingAt(number);
        if (row.equals(toldRow)) {
            return;
        }
        toldRow = "";
        looksLeft -= (long) (row.length() + EACH_LOOK) * (1 + waiting.size());
        if (looksLeft < 0) {
            giveUpAll();
            return;
        }
        for (Waiting one : waiting) {
            TypedLine longer = one.early;
            if (isShown(one, one.line, row, number)
                    || (longer != null && isShown(one, longer, row, number))) {
                return;
            }
        }
        if (left) {
            waiting.stream()
                    .dropWhile(one -> one.line.edited.isExact() && isLate(one))
                    .findFirst()
                    .filter(one -> !one.line.edited.isExact())
                    .ifPresent(one -> lookForEdited(one, row));
        }
    }

    /** Takes the line if the row is a prompt and what was typed. */
    private boolean isShown(Waiting one, TypedLine typed, String row, long number) {
        String text = typed.edited.text().stripTrailing();
        boolean known = typed.edited.level() != EditedText.Level.UNKNOWN && !text.isEmpty();
        int at = known ? row.lastIndexOf(text) : -1;
        String prompt =
                at >= 0 && isAlone(row.substring(at + text.length()))
                        ? promptEnding(row.substring(0, at), number)
                        : "";
        if (prompt.isEmpty()) {
            return false;
        }
        take(one, new Choice.Text(text, DecidedLine.Source.BOTH, 0.8), prompt, row);
        return true;
    }

    /** Whatever stands behind a known prompt is what the shell made of keys that edit. */
    private void lookForEdited(Waiting one, String row) {
        int at = session.prompts.indexIn(row);
        int length = at < 0 ? 0 : session.prompts.lengthAt(row, at);
        if (at < 0 && !one.prompt.isEmpty()) {
            at = row.indexOf(one.prompt);
            length = one.prompt.length();
        }
        if (at < 0) {
            return;
        }
        int border = row.indexOf(BORDER, at + length);
        String text = row.substring(at + length, border < 0 ? row.length() : border);
        if (!text.isBlank()) {
            Choice.Text choice =
                    new Choice.Text(text.stripTrailing(), DecidedLine.Source.SCREEN, 0.6);
            take(one, choice, row.substring(at, at + length), row);
        }
    }

    private String promptEnding(String left, long number) {
        int length = session.prompts.lengthEnding(left);
        if (length > 0) {
            return left.substring(left.length() - length);
        }
        return isPrompt(left, number) ? left : "";
    }

    /**
     * It ends as prompts do. What is no more than a mark, as of a comment in an editor, is one only
     * below the command that it goes on with.
     */
    private boolean isPrompt(String left, long number) {
        if (!Prompts.isStrict(left)) {
            return false;
        }
        String last = session.recorder.lastCommandText();
        return left.chars().anyMatch(character -> MARKS.indexOf(character) < 0)
                || (!last.isEmpty() && RowText.of(session.screen, number - 1).endsWith(last));
    }

    private static boolean isAlone(String behind) {
        String rest = behind.strip();
        return rest.isEmpty() || rest.charAt(0) == BORDER;
    }

    private void take(Waiting shown, Choice.Text choice, String prompt, String row) {
        while (!waiting.element().equals(shown)) {
            giveUp(waiting.remove());
        }
        waiting.remove();
        toldRow = row;
        session.alternate.told(shown.line.enters());
        tell(shown.line, choice, prompt);
        shown.wipe();
    }

    private void giveUp(Waiting one) {
        session.recorder.nothing(one.line);
        one.wipe();
    }

    private void giveUpAll() {
        while (!waiting.isEmpty()) {
            giveUp(waiting.remove());
        }
    }

    /** The program that had the screen is gone, or the session is. */
    void end() {
        giveUpAll();
        forgetLine();
        prompted = false;
    }
}
