package dev.bastion.audit.line;

import org.jspecify.annotations.Nullable;

/**
 * Decides lines where no editor announces itself: at a line feed behind a row that fits. Confined
 * to one thread.
 */
final class PlainLines {

    /** Line feeds of other output after which a plain terminal's anchor is worth nothing. */
    private static final int MAX_LINE_FEEDS = 40;

    /** Lines that are looked at when the oldest does not fit. */
    private static final int LOOK_AHEAD = 8;

    /** The same while more lines wait than a person types ahead. */
    private static final int LOOK_FAR_AHEAD = 256;

    /** A line of so many characters is not in a row by chance. */
    private static final int LEAST_DISTINCT = 8;

    private final Session session;
    private final Screen screen;
    private final LineRecords records;
    private final Unresolved unresolved;

    PlainLines(Session session, LineRecords records, Unresolved unresolved) {
        this.session = session;
        screen = session.screen;
        this.records = records;
        this.unresolved = unresolved;
    }

    /** A line feed came while lines wait. */
    void lineFeed() {
        Edit edit = session.edit == null ? session.beginEdit(false) : session.edit;
        if (edit.lineFeeds > MAX_LINE_FEEDS && !mayFit()) {
            return;
        }
        if (!hasRowsBelow(edit) && !settle(edit)) {
            unresolved.executedWithoutEcho();
            if (++edit.lineFeeds > MAX_LINE_FEEDS) {
                edit.dropAnchor();
            }
        }
    }

    private boolean settle(Edit edit) {
        giveUpAborted();
        TypedLine oldest = session.pending.getFirst();
        if (oldest.isAborted()) {
            if (!isShown(oldest) && settleBehindPrompt()) {
                return true;
            }
            if (!mayBeAnswered(oldest)) {
                return false;
            }
            session.recorder.nothing(session.pending.remove());
            oldest.wipe();
            TypedLine next = session.pending.peek();
            if (next == null || !session.logicalRow().contains("^C") || next.edited.isEmpty()) {
                session.endEdit();
                return true;
            }
            return settle(edit);
        }
        if (settleBehindPrompt()) {
            return true;
        }
        Reading reading = session.reader.read(edit, oldest.edited.text());
        if (!session.held.isEmpty()
                && reading.start() == Reading.Start.LEARNED
                && !reading.isEmpty()
                && session.held.executed(reading.text(), reading.prompt())) {
            session.endEdit();
            return true;
        }
        if (edit.sequences == 0) {
            oldest.tookEachMark();
        }
        Choice choice =
                Chooser.onPlainTerminal(
                        reading,
                        session.logicalRow(),
                        session.recentRows(),
                        oldest,
                        screen.columns());
        if (!(choice instanceof Choice.Wait) && mayAnswer(oldest)) {
            session.pending.remove();
            boolean bare = reading.start().compareTo(Reading.Start.LEARNED) > 0;
            if (bare && choice instanceof Choice.Nothing) {
                records.holdEmpty(oldest, reading);
                session.endEdit();
                return true;
            }
            records.record(oldest, choice, reading, Recorder.keystrokes(oldest, false), false);
            session.endEdit();
            return true;
        }
        return choice instanceof Choice.Wait && (settleRecalled(reading) || settleOfMany(reading));
    }

    /**
     * The row stands behind a known prompt and is no part of what the oldest line can be: something
     * took that unseen. It is the first line that the shell brought text of its own to.
     */
    private boolean settleRecalled(Reading reading) {
        TypedLine oldest = session.pending.getFirst();
        if (reading.isEmpty()
                || !session.prompts.isLearned(reading.promptRow())
                || reading.start().compareTo(Reading.Start.LEARNED) > 0
                || !oldest.edited.isExact()
                || Chooser.isSubsequence(oldest.edited.text().strip(), reading.text())) {
            return false;
        }
        TypedLine found = null;
        int seen = 0;
        for (TypedLine line : session.pending) {
            if (line.edited.level() == EditedText.Level.UNKNOWN && !line.isAborted()) {
                found = line;
                break;
            }
            if (++seen > LOOK_AHEAD || (line.isAborted() && seen > 1)) {
                return false;
            }
        }
        if (found == null || !mayBeAnswered(found)) {
            return false;
        }
        while (session.pending.getFirst() != found) {
            unresolved.giveUp(session.pending.remove());
        }
        session.pending.remove();
        Choice choice = new Choice.Text(reading.text(), DecidedLine.Source.SCREEN, 0.7);
        records.record(found, choice, reading, Recorder.keystrokes(found, false), false);
        session.endEdit();
        return true;
    }

    private boolean isShown(TypedLine line) {
        String typed = line.edited.text().stripTrailing();
        return !typed.isEmpty() && session.logicalRow().endsWith(typed);
    }

    /**
     * Many lines wait, as of a paste, and the row is a later one of them: the echo of those before
     * it was lost, since terminals that are written to faster than they are read drop of it; or a
     * line editor has them, which the terminal does not echo to, and shows them when it comes to
     * them.
     */
    private boolean settleOfMany(Reading reading) {
        TypedLine found =
                session.pending.size() > LOOK_AHEAD
                        ? endOf(session.logicalRow().stripTrailing())
                        : null;
        if (found == null) {
            return false;
        }
        boolean behindPrompt = isBehindPrompt(found);
        while (session.pending.getFirst() != found) {
            TypedLine before = session.pending.remove();
            if (behindPrompt || !LineRecords.mayHoldUnechoed(before)) {
                unresolved.giveUp(before);
            } else if (unresolved.isTold(before)) {
                records.holdEchoed(before, typed(before), Reading.NOTHING);
            } else {
                records.holdUnechoed(before);
            }
        }
        session.pending.remove();
        Choice.Text choice = new Choice.Text(found.edited.text(), DecidedLine.Source.BOTH, 0.9);
        if (behindPrompt) {
            String keys = Recorder.keystrokes(found, false);
            records.record(found, choice, reading, keys, false);
        } else {
            records.holdEchoed(found, choice, reading);
        }
        session.endEdit();
        return true;
    }

    private static Choice.Text typed(TypedLine line) {
        return new Choice.Text(line.edited.text(), DecidedLine.Source.TYPED, 0.5);
    }

    /** A known prompt stands before the line in the row that it ends. */
    private boolean isBehindPrompt(TypedLine line) {
        String row = session.logicalRow().stripTrailing();
        int typed = line.edited.text().stripTrailing().length();
        return session.prompts.lengthEnding(row.substring(0, row.length() - typed)) > 0;
    }

    /** The first line that the row ends with. */
    private @Nullable TypedLine endOf(String row) {
        int seen = 0;
        for (TypedLine line : session.pending) {
            if (++seen > LOOK_FAR_AHEAD) {
                return null;
            }
            String typed = line.edited.text().stripTrailing();
            if (typed.length() >= LEAST_DISTINCT
                    && !line.isAborted()
                    && line.edited.isExact()
                    && row.endsWith(typed)) {
                return line;
            }
        }
        return null;
    }

    /** A quick look before the row is read: much other output may come while lines wait. */
    private boolean mayFit() {
        int last = lastCharacter();
        if (last == 0) {
            return false;
        }
        boolean vague = false;
        boolean many = session.pending.size() > LOOK_AHEAD;
        int seen = 0;
        for (TypedLine line : session.pending) {
            if (++seen > (many ? LOOK_FAR_AHEAD : LOOK_AHEAD)) {
                break;
            }
            String typed = line.edited.text().stripTrailing();
            if (line.isAborted() || typed.isEmpty() || !line.edited.isExact()) {
                vague = true;
            } else if (typed.codePointBefore(typed.length()) == last) {
                return true;
            }
        }
        return vague && session.prompts.lengthAt(session.logicalRow() + ' ', 0) > 0;
    }

    /** The last character of the cursor's row that is no blank, or 0. */
    private int lastCharacter() {
        Row row = screen.row(screen.cursorRow());
        int column = row == null ? 0 : row.used();
        while (row != null && --column >= 0) {
            int cell = row.cell(column) & ~Row.FAINT;
            if (cell != Row.NEVER && cell != ' ' && cell != Row.PAD) {
                return screen.clusters().text(cell).codePointAt(0);
            }
        }
        return 0;
    }

    /** An abort is shown: what waits before it never reached anything. */
    private void giveUpAborted() {
        boolean aborts = session.pending.stream().limit(LOOK_AHEAD).anyMatch(TypedLine::isAborted);
        if (aborts && session.logicalRow().contains("^C")) {
            while (!session.pending.getFirst().isAborted()) {
                unresolved.giveUp(session.pending.remove());
            }
        }
    }

    /** Text that only the screen tells is not whole before the answer to the Enter can be there. */
    private boolean mayAnswer(TypedLine line) {
        return line.edited.level() != EditedText.Level.UNKNOWN || mayBeAnswered(line);
    }

    /** Long enough ago for an answer. */
    private boolean mayBeAnswered(TypedLine line) {
        return session.roundTrip.mayBeAnswered(line.enteredNanos(), session.now);
    }

    /** The row is a known prompt and one of the lines: it is that one, whatever waits before it. */
    private boolean settleBehindPrompt() {
        String row = session.logicalRow();
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
                int begin = row.length() - typed.length();
                String prompt = row.substring(begin - length, begin);
                if (session.held.executed(typed, prompt)) {
                    // The same was typed before it.
                    session.endEdit();
                } else {
                    takeBehindPrompt(line, prompt);
                }
                return true;
            }
        }
        return false;
    }

    private void takeBehindPrompt(TypedLine line, String prompt) {
        while (session.pending.peek() != line) {
            unresolved.giveUp(session.pending.remove());
        }
        session.pending.remove();
        String row = session.logicalRow();
        EndedRow.beforePrompt(
                session,
                row.substring(0, row.length() - line.edited.text().stripTrailing().length()));
        session.held.release();
        Reading reading =
                new Reading(
                        line.edited.text(),
                        line.edited.text(),
                        prompt,
                        prompt,
                        Reading.Start.LEARNED);
        Choice choice = new Choice.Text(line.edited.text(), DecidedLine.Source.BOTH, 0.95);
        records.record(line, choice, reading, Recorder.keystrokes(line, false), false);
        session.endEdit();
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
}
