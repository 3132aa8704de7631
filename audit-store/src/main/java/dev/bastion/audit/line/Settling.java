package dev.bastion.audit.line;

import dev.bastion.audit.line.DecidedLine.Kind;
import java.util.Iterator;

/**
 * The host's side: decides a line when the output shows that it was let go. With a line editor that
 * is when it turns bracketed paste off, else a line feed behind a row that fits. Confined to one
 * thread.
 */
final class Settling implements OutputMarks {

    /** Line feeds of other output after which a plain terminal's anchor is worth nothing. */
    private static final int MAX_LINE_FEEDS = 40;

    /** Lines behind the oldest that are looked at when the oldest does not fit. */
    private static final int LOOK_AHEAD = 8;

    private static final int MAX_ROW_JOIN = 220;

    /** A line is not given up before this time, however fast the host answers. */
    private static final long LATE_NANOS = 200_000_000;

    /** A round trip below this is too short to tell anything from. */
    private static final long NOTICEABLE_NANOS = 40_000_000;

    private static final int RECENT_ROWS = 4;

    private final Session session;
    private final Screen screen;

    /** The last row of a line that an editor let go of before it moved below it, else -1. */
    private long acceptedRow = -1;

    /** The last row of a command that waits for its expansion. */
    private long expandedFrom;

    Settling(Session session) {
        this.session = session;
        screen = session.screen;
    }

    @Override
    public void printed(int point) {
        Edit edit = session.edit;
        if (edit != null) {
            edit.printed = true;
        }
        if (session.pending.isEmpty() && session.current.isUntouched()) {
            return;
        }
        TypedLine line = session.echoing();
        if (line != null) {
            line.shown(point);
        }
    }

    // Line editors

    @Override
    public void bracketedPaste(boolean on) {
        boolean was = session.bracketed;
        session.bracketed = on;
        if (screen.isAlternate()) {
            return;
        }
        if (on) {
            session.hadEditor = true;
            session.bracketedNanos = session.now;
            session.recorder.release();
            Edit edit = session.beginEdit(true);
            String left = session.leftOfCursor();
            if (session.prompts.isLearned(left)) {
                edit.anchor(screen, false);
            }
        } else if (was) {
            Edit edit = session.edit;
            if (edit != null && edit.editor) {
                if (edit.printed || edit.isAnchored() || edit.beganColumn > 0) {
                    boolean below = RowText.of(screen, screen.cursorRow()).isBlank();
                    acceptedRow = below ? -1 : screen.cursorRow();
                    settleEditor(edit);
                }
                session.edit = null;
                continueAhead();
            }
        }
    }

    @Override
    public void shellMark(char letter) {
        if (screen.isAlternate()) {
            return;
        }
        Edit edit = session.edit;
        switch (letter) {
            case 'A' -> {
                if (!session.bracketed) {
                    session.beginEdit(false);
                }
            }
            case 'B' -> {
                if (edit != null) {
                    edit.anchor(screen, true);
                }
            }
            case 'C' -> {
                if (edit != null && !session.pending.isEmpty() && edit.isExact()) {
                    settleEditor(edit);
                    session.edit = null;
                    continueAhead();
                }
            }
            default -> {}
        }
    }

    private void settleEditor(Edit edit) {
        TypedLine oldest = session.pending.peek();
        String typed = oldest == null ? "" : oldest.edited.text();
        if (oldest == null && session.held.isEmpty()) {
            return;
        }
        Reading reading = session.reader.read(edit, typed);
        if (!session.held.isEmpty()
                && (!reading.isEmpty() || session.held.first().isEmpty())
                && session.held.executed(reading.text(), reading.prompt())) {
            session.prompts.learn(reading.promptRow());
            return;
        }
        if (oldest == null) {
            if (!reading.isEmpty() && !session.held.first().isEmpty()) {
                session.held.executedAs(reading.text(), reading.prompt());
                session.prompts.learn(reading.promptRow());
            }
            return;
        }
        TypedLine line = pick(edit, reading, oldest);
        while (session.pending.peek() != line) {
            giveUp(session.pending.remove());
        }
        session.pending.remove();
        if (line.isAborted()) {
            line.wipe();
            return;
        }
        Reading own = line == oldest ? reading : session.reader.read(edit, line.edited.text());
        StringBuilder keys = new StringBuilder();
        boolean block = takeBlock(line, own, keys);
        Choice choice =
                block
                        ? new Choice.Text(own.text(), DecidedLine.Source.SCREEN, 0.9)
                        : Chooser.inEditor(own, line, edit, screen.columns());
        record(line, choice, own, keys.toString(), true);
    }

    /** The oldest line that the screen shows, else the oldest. */
    private TypedLine pick(Edit edit, Reading reading, TypedLine oldest) {
        if (Chooser.fitsSurely(reading, oldest)) {
            return oldest;
        }
        int seen = 0;
        TypedLine unknown = null;
        for (TypedLine line : session.pending) {
            if (++seen > LOOK_AHEAD) {
                break;
            }
            if (line == oldest) {
                continue;
            }
            if (Chooser.fitsSurely(session.reader.read(edit, line.edited.text()), line)) {
                return line;
            }
            if (unknown == null && !line.edited.isExact() && !line.isAborted()) {
                unknown = line;
            }
        }
        boolean unrelated =
                oldest.edited.isExact()
                        && !oldest.edited.isEmpty()
                        && !oldest.isAborted()
                        && !oldest.wasInEditor()
                        && !reading.isEmpty()
                        && !Chooser.isSubsequence(oldest.edited.text(), reading.text());
        return unknown != null && unrelated ? unknown : oldest;
    }

    /** An editor that keeps several Enters in its buffer: they are one block. */
    private boolean takeBlock(TypedLine first, Reading reading, StringBuilder keys) {
        String text = reading.text();
        keys.append(Recorder.keystrokes(first, !reading.isEmpty()));
        if (takeRejected(first, text)) {
            return true;
        }
        if (text.indexOf('\n') < 0 || first.edited.text().indexOf('\n') >= 0) {
            return false;
        }
        String[] lines = text.split("\n", -1);
        boolean taken = false;
        for (int i = 1; i < lines.length; i++) {
            TypedLine next = session.pending.peek();
            if (next == null
                    || next.isAborted()
                    || !next.edited.text().strip().equals(lines[i].strip())) {
                break;
            }
            session.pending.remove();
            keys.append("^M").append(Recorder.keystrokes(next, true));
            first.close(false, next.enteredNanos(), next.enters());
            next.wipe();
            taken = true;
        }
        return taken;
    }

    /** Lines that the shell did not accept stay in its buffer, and the next ones stand behind. */
    private boolean takeRejected(TypedLine first, String text) {
        StringBuilder all = new StringBuilder(first.edited.text());
        int count = 0;
        boolean found = false;
        for (TypedLine line : session.pending) {
            all.append(line.edited.text());
            count++;
            if (all.length() > text.length() || count > LOOK_AHEAD) {
                break;
            }
            if (!line.isUntouched() && all.toString().equals(text)) {
                found = true;
                break;
            }
        }
        for (int i = 0; found && i < count; i++) {
            TypedLine line = session.pending.remove();
            first.close(false, line.enteredNanos(), line.enters());
            line.wipe();
        }
        return found;
    }

    // Plain terminals

    @Override
    public void lineFeed() {
        if (screen.isAlternate()) {
            return;
        }
        if (session.recorder.awaitsOutput() && screen.cursorRow() > expandedFrom) {
            String line = logicalRow();
            if (!line.isBlank()) {
                session.recorder.outputLine(line);
            }
        }
        if (session.bracketed) {
            endAbortedRow();
            return;
        }
        if (session.pending.isEmpty()) {
            executedWithoutEcho();
            return;
        }
        if (screen.cursorRow() == acceptedRow) {
            return;
        }
        Edit edit = session.edit == null ? session.beginEdit(false) : session.edit;
        if (!hasRowsBelow(edit) && !settlePlain(edit)) {
            executedWithoutEcho();
            if (++edit.lineFeeds > MAX_LINE_FEEDS && !edit.isExact()) {
                edit.dropAnchor();
            }
        }
    }

    /** Fish shows an abort behind the line and goes on without turning bracketed paste off. */
    private void endAbortedRow() {
        TypedLine oldest = session.pending.peek();
        if (oldest == null || !logicalRow().endsWith("^C")) {
            return;
        }
        TypedLine last = null;
        for (TypedLine line : session.pending) {
            last = line.isAborted() ? line : last;
        }
        if (last != null) {
            TypedLine gone;
            do {
                gone = session.pending.remove();
                gone.wipe();
            } while (gone != last);
            session.beginEdit(true);
        }
    }

    private boolean hasRowsBelow(Edit edit) {
        for (long i = screen.cursorRow() + 1; i <= screen.lastRow(); i++) {
            Row row = screen.row(i);
            if (row != null && row.stamp >= edit.stamp && !row.isBlank()) {
                return true;
            }
        }
        return false;
    }

    private boolean settlePlain(Edit edit) {
        giveUpAborted();
        TypedLine oldest = session.pending.getFirst();
        if (oldest.isAborted()) {
            session.pending.remove().wipe();
            TypedLine next = session.pending.peek();
            if (next == null || !logicalRow().contains("^C") || next.edited.isEmpty()) {
                endEdit();
                return true;
            }
            return settlePlain(edit);
        }
        if (settleBehindPrompt()) {
            return true;
        }
        Reading reading = session.reader.read(edit, oldest.edited.text());
        if (!session.held.isEmpty()
                && reading.start() == Reading.Start.LEARNED
                && !reading.isEmpty()
                && session.held.executed(reading.text(), reading.prompt())) {
            return true;
        }
        Choice choice =
                Chooser.onPlainTerminal(
                        reading, logicalRow(), recentRows(), oldest, screen.columns());
        if (!(choice instanceof Choice.Wait) && mayAnswer(oldest)) {
            session.pending.remove();
            boolean bare = reading.start().compareTo(Reading.Start.LEARNED) > 0;
            if (bare && choice instanceof Choice.Nothing) {
                session.held.holdEmpty(oldest);
                endEdit();
                return true;
            }
            record(oldest, choice, reading, Recorder.keystrokes(oldest, false), false);
            endEdit();
            return true;
        }
        return false;
    }

    /** An abort is shown: what waits before it never reached anything. */
    private void giveUpAborted() {
        boolean aborts = session.pending.stream().limit(LOOK_AHEAD).anyMatch(TypedLine::isAborted);
        if (aborts && logicalRow().contains("^C")) {
            while (!session.pending.getFirst().isAborted()) {
                giveUp(session.pending.remove());
            }
        }
    }

    /** Text that only the screen tells is not whole before the answer to the Enter can be there. */
    private boolean mayAnswer(TypedLine line) {
        return line.edited.level() != EditedText.Level.UNKNOWN
                || session.roundTrip.nanos() < NOTICEABLE_NANOS
                || session.now - line.enteredNanos() >= session.roundTrip.nanos() * 3 / 4;
    }

    /** The row is a known prompt and one of the lines: it is that one, whatever waits before it. */
    private boolean settleBehindPrompt() {
        String row = logicalRow();
        int seen = 0;
        for (TypedLine line : session.pending) {
            String typed = line.edited.text().stripTrailing();
            if (++seen > LOOK_AHEAD) {
                return false;
            }
            if (line.isAborted() || typed.isEmpty() || !row.endsWith(typed)) {
                continue;
            }
            int length =
                    session.prompts.lengthEnding(row.substring(0, row.length() - typed.length()));
            if (length > 0) {
                takeBehindPrompt(
                        line,
                        row.substring(
                                row.length() - typed.length() - length,
                                row.length() - typed.length()));
                return true;
            }
        }
        return false;
    }

    private void takeBehindPrompt(TypedLine line, String prompt) {
        while (session.pending.peek() != line) {
            giveUp(session.pending.remove());
        }
        session.pending.remove();
        Reading reading =
                new Reading(
                        line.edited.text(),
                        line.edited.text(),
                        prompt,
                        prompt,
                        Reading.Start.LEARNED);
        Choice choice = new Choice.Text(line.edited.text(), DecidedLine.Source.BOTH, 0.95);
        record(line, choice, reading, Recorder.keystrokes(line, false), false);
        endEdit();
    }

    private void endEdit() {
        session.edit = null;
        continueAhead();
    }

    /** What was typed ahead belongs to an edit of its own, whose begin nobody saw. */
    private void continueAhead() {
        screen.dropHistory();
        if (!session.bracketed && (!session.pending.isEmpty() || !session.current.isUntouched())) {
            session.beginEdit(false);
        }
    }

    /** "prompt output" and "prompt prompt": lines typed ahead were taken without an echo. */
    private void executedWithoutEcho() {
        if (session.held.isEmpty()) {
            return;
        }
        String row = logicalRow();
        String first = session.held.first().stripTrailing();
        if (!first.isEmpty() && row.endsWith(first)) {
            String left = row.substring(0, row.length() - first.length());
            int known = session.prompts.lengthEnding(left);
            if (known > 0 || Prompts.isStrict(left)) {
                session.held.executed(first, left.substring(known > 0 ? left.length() - known : 0));
                return;
            }
        }
        int at = session.prompts.indexIn(row);
        if (at < 0) {
            return;
        }
        int prompts = 0;
        int length = session.prompts.lengthAt(row, at);
        String prompt = row.substring(at, at + length);
        while (length > 0) {
            at += length;
            prompts++;
            length = session.prompts.lengthAt(row, at);
        }
        if (prompts == 0 || session.held.executed(row.substring(at), prompt)) {
            return;
        }
        session.held.executed(prompts, prompt);
    }

    String logicalRow() {
        long end = screen.cursorRow();
        return session.reader.logical(RowText.logicalStart(screen, end, MAX_ROW_JOIN), end);
    }

    /** The rows before the cursor, for text that other output was mixed into. */
    private String recentRows() {
        long end = screen.cursorRow();
        StringBuilder text = new StringBuilder();
        for (long i = Math.max(screen.firstRow(), end - RECENT_ROWS); i <= end; i++) {
            text.append(RowText.of(screen, i)).append('\n');
        }
        return text.toString();
    }

    // What did not fit

    /** The first key of a line: if a prompt stands quiet, all that waits is over. */
    void promptMayStand(String left, boolean quiet) {
        if ((session.pending.isEmpty() && session.held.isEmpty()) || !quiet) {
            return;
        }
        int at = 0;
        int count = 0;
        int length = session.prompts.lengthAt(left, 0);
        String prompt = left.substring(0, length);
        while (length > 0) {
            at += length;
            count++;
            length = session.prompts.lengthAt(left, at);
        }
        boolean stands = (at == left.length() && count > 0) || Prompts.isStrict(left);
        if (!stands) {
            return;
        }
        long roundTrip = session.roundTrip.nanos();
        for (Iterator<TypedLine> each = session.pending.iterator(); each.hasNext(); ) {
            TypedLine line = each.next();
            if (session.now - line.enteredNanos()
                    <= Math.max(LATE_NANOS, roundTrip + roundTrip / 2)) {
                break;
            }
            each.remove();
            giveUp(line);
        }
        if (session.pending.isEmpty()) {
            if (count > 1) {
                session.held.executed(count - 1, prompt);
            }
            session.held.release();
            if (!session.bracketed) {
                session.edit = null;
            }
        }
    }

    /** A line that no output explained: kept only if it was wholly shown. */
    void giveUp(TypedLine line) {
        EditedText edited = line.edited;
        if (line.isAborted() || (edited.isExact() && edited.text().isBlank())) {
            line.wipe();
            return;
        }
        if (edited.isExact() && line.wasEchoed() && !line.mustRedact()) {
            session.recorder.text(
                    Kind.INPUT,
                    line,
                    Recorder.keystrokes(line, false),
                    new Choice.Text(edited.text(), DecidedLine.Source.TYPED, 0.5),
                    "");
        } else if (line.printables() > 0) {
            session.recorder.notShown(line, "");
        }
        line.wipe();
    }

    /** Too much was printed since these lines were typed. */
    void giveUpAll() {
        while (!session.pending.isEmpty()) {
            giveUp(session.pending.remove());
        }
        session.held.release();
        if (session.current.isUntouched()) {
            session.edit = null;
        }
    }

    /** Decides all that waits: no more output comes. */
    void finish() {
        session.held.release();
        while (!session.pending.isEmpty()) {
            giveUp(session.pending.remove());
        }
        session.recorder.release();
    }

    // Records

    private void record(
            TypedLine line, Choice choice, Reading reading, String keys, boolean editor) {
        switch (choice) {
            case Choice.Text text -> {
                if (line.mustRedact()) {
                    session.recorder.notShown(line, reading.prompt());
                    line.wipe();
                } else {
                    recordText(line, text, reading, shownKeys(line, text, keys), editor);
                }
            }
            case Choice.NotShown _ -> {
                session.recorder.notShown(line, reading.prompt());
                line.wipe();
            }
            case Choice.Nothing _ -> {
                if (editor) {
                    session.prompts.learn(reading.promptRow());
                }
                line.wipe();
            }
            case Choice.Wait _ -> {}
        }
    }

    /** When the screen shows just what was typed, without any editing, all keys were shown. */
    private static String shownKeys(TypedLine line, Choice.Text text, String keys) {
        boolean same = text.source() == DecidedLine.Source.BOTH && line.raw().equals(text.text());
        return same ? line.raw() : keys;
    }

    private void recordText(
            TypedLine line, Choice.Text text, Reading reading, String keys, boolean editor) {
        String prompt = reading.promptRow();
        boolean sure = reading.start() == Reading.Start.ANCHOR;
        boolean command =
                editor || session.prompts.isLearned(prompt) || (sure && Prompts.isLikely(prompt));
        if (!command && !sure) {
            String behind = withoutTypeAhead(prompt, text.text());
            if (!behind.isEmpty()) {
                prompt = behind;
                command = true;
            }
        }
        if (command) {
            session.prompts.learn(prompt);
            session.recorder.text(Kind.COMMAND, line, keys, text, reading.prompt());
            boolean below = RowText.of(screen, screen.cursorRow()).isBlank();
            expandedFrom = below ? screen.cursorRow() - 1 : screen.cursorRow();
            line.wipe();
        } else {
            session.held.hold(line, text, keys, reading.prompt());
        }
    }

    /** A prompt that stands behind keys that came before it, or an empty string. */
    private String withoutTypeAhead(String prompt, String typed) {
        int same = 0;
        while (same < Math.min(prompt.length(), typed.length())
                && prompt.charAt(same) == typed.charAt(same)) {
            same++;
        }
        String rest = prompt.substring(same);
        return session.prompts.isLearned(rest) || (!session.hadEditor && Prompts.isStrict(rest))
                ? rest
                : session.prompts.firstIn(prompt);
    }

    // The whole screen

    @Override
    public void alternateScreen(boolean on) {
        if (on) {
            if (!screen.isAlternate() && !session.current.isUntouched()) {
                session.alternate.add(session.current.keys(), session.now);
                session.current.wipe();
                session.current = new TypedLine();
            }
            session.edit = null;
            return;
        }
        AlternateKeys keys = session.alternate;
        if (keys.keys() > 0) {
            session.recorder.fullscreen(keys.keys(), session.enters, keys.lastNanos());
            long roundTrip = session.roundTrip.nanos();
            if (session.now - keys.lastNanos() < roundTrip) {
                session.current.edited.raise(EditedText.Level.UNKNOWN);
            }
            keys.clear();
        }
    }
}
