package dev.bastion.audit.line;

/**
 * Decides the line of an editor that announces itself, when it lets go of it. Confined to one
 * thread.
 */
final class EditorLines {

    /** Lines behind the oldest that are looked at when the oldest does not fit. */
    private static final int LOOK_AHEAD = 8;

    private final Session session;
    private final Screen screen;
    private final LineRecords records;
    private final Unresolved unresolved;

    EditorLines(Session session, LineRecords records, Unresolved unresolved) {
        this.session = session;
        screen = session.screen;
        this.records = records;
        this.unresolved = unresolved;
    }

    /** The editor let go of its line: decides what it was. */
    void settle(Edit edit) {
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
        if (oldest == null || isOfHeld(reading, oldest)) {
            if (!reading.isEmpty() && !session.held.first().isEmpty() && !isToldAlready(reading)) {
                session.held.executedAs(reading.text(), reading.prompt());
                session.prompts.learn(reading.promptRow());
            }
            return;
        }
        TypedLine line = pick(edit, reading, oldest);
        while (session.pending.peek() != line) {
            unresolved.giveUp(session.pending.remove());
        }
        session.pending.remove();
        if (line.isAborted()) {
            session.recorder.nothing(line);
            line.wipe();
            return;
        }
        Reading own = line == oldest ? reading : session.reader.read(edit, line.edited.text());
        StringBuilder keys = new StringBuilder();
        boolean block = takeBlock(line, own, keys);
        edit.otherOutput = edit.lineFeeds > session.acceptFeeds;
        Choice choice =
                block
                        ? new Choice.Text(own.text(), DecidedLine.Source.SCREEN, 0.9)
                        : Chooser.inEditor(own, line, edit, screen.columns());
        if (choice instanceof Choice.Text text && text.source() == DecidedLine.Source.BOTH) {
            session.acceptFeeds = Math.min(session.acceptFeeds, edit.lineFeeds);
        }
        records.record(line, choice, own, keys.toString(), true);
    }

    /** What a shell made of keys that edit, typed ahead of this line, which the screen denies. */
    private boolean isOfHeld(Reading reading, TypedLine oldest) {
        return session.held.mayHaveBecome(reading.text()) && isUnrelated(reading, oldest);
    }

    /** A shell shows again what it had taken, before it comes to what was typed behind that. */
    private boolean isToldAlready(Reading reading) {
        return reading.text().equals(session.recorder.lastCommandText())
                && !session.held.mayHaveBecome(reading.text());
    }

    /** The keys are sure, and cannot have made what the screen shows. */
    private static boolean isUnrelated(Reading reading, TypedLine line) {
        return line.edited.isExact()
                && !line.edited.isEmpty()
                && !line.isAborted()
                && !line.wasInEditor()
                && !reading.isEmpty()
                && !Chooser.isTail(reading.text(), line.edited.text())
                && !Chooser.isSubsequence(line.edited.text(), reading.text());
    }

    /** The oldest line that the screen shows, else the oldest. */
    private TypedLine pick(Edit edit, Reading reading, TypedLine oldest) {
        if (Chooser.fitsSurely(reading, oldest)) {
            return oldest;
        }
        if (isUnansweredAbort(oldest, reading)) {
            for (TypedLine line : session.pending) {
                if (!line.isAborted()) {
                    return line;
                }
            }
        }
        String[] rows = reading.text().split("\n", -1);
        int seen = 0;
        TypedLine unknown = null;
        for (TypedLine line : session.pending) {
            if (++seen > LOOK_AHEAD) {
                break;
            }
            if (rows.length > 1 && isBlockFrom(line, rows)) {
                return line;
            }
            if (line.isAborted() && isAbortOf(line, reading)) {
                return line;
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
        boolean other = isUnrelated(reading, oldest) || isUnansweredEnter(oldest, reading);
        return unknown != null && other ? unknown : oldest;
    }

    /** Fish answers an Enter alone with a new prompt only: what is shown is of a later line. */
    private static boolean isUnansweredEnter(TypedLine oldest, Reading reading) {
        return oldest.isUntouched()
                && !oldest.isAborted()
                && !reading.isEmpty()
                && reading.start().compareTo(Reading.Start.PATTERN) <= 0;
    }

    /** The editor kept this line and those behind it in its buffer, and shows them all. */
    private boolean isBlockFrom(TypedLine first, String[] rows) {
        int found = 0;
        for (TypedLine line : session.pending) {
            if (found == 0 && line != first) {
                continue;
            }
            if (line.isAborted() || !line.edited.text().strip().equals(rows[found].strip())) {
                return false;
            }
            if (++found == rows.length) {
                return true;
            }
        }
        return false;
    }

    /** The screen shows the line with the abort behind it. */
    private static boolean isAbortOf(TypedLine line, Reading reading) {
        String text = reading.text();
        return text.endsWith("^C")
                && line.edited.text().endsWith(text.substring(0, text.length() - 2));
    }

    /**
     * Fish answers an abort of an empty line with nothing: what is shown belongs to a later key.
     */
    private static boolean isUnansweredAbort(TypedLine oldest, Reading reading) {
        return oldest.isAborted()
                && oldest.edited.isExact()
                && oldest.edited.isEmpty()
                && !reading.isEmpty()
                && !reading.text().endsWith("^C");
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
            session.recorder.nothing(first);
            first.close(false, next.enteredNanos(), next.enters());
            next.wipe();
            taken = true;
        }
        return taken;
    }

    /** Lines that the shell did not accept stay in its buffer, and the next ones stand behind. */
    private boolean takeRejected(TypedLine first, String text) {
        if (text.equals(first.edited.text())) {
            return false;
        }
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
            session.recorder.nothing(first);
            first.close(false, line.enteredNanos(), line.enters());
            line.wipe();
        }
        return found;
    }

    /** Fish shows an abort behind the line and goes on without turning bracketed paste off. */
    void endAbortedRow() {
        TypedLine oldest = session.pending.peek();
        String row = session.logicalRow();
        if (oldest == null || !row.endsWith("^C")) {
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
                unresolved.giveUp(gone, row);
            } while (gone != last);
            session.beginEdit(true);
        }
    }
}
