package dev.bastion.audit.line;

/**
 * The host's side: sees in the output where a line may have been let go. With a line editor that is
 * when it turns bracketed paste off, else a line feed. Confined to one thread.
 */
final class Settling implements OutputMarks {

    private final Session session;
    private final Screen screen;
    private final Unresolved unresolved;
    private final NestedShell nested;
    private final LineRecords records;
    private final EditorLines editors;
    private final PlainLines plain;

    /** The last row of a line that an editor let go of before it moved below it, else -1. */
    private long acceptedRow = -1;

    Settling(Session session, Unresolved unresolved, NestedShell nested) {
        this.session = session;
        this.unresolved = unresolved;
        this.nested = nested;
        screen = session.screen;
        records = new LineRecords(session);
        editors = new EditorLines(session, records, unresolved);
        plain = new PlainLines(session, records, unresolved);
    }

    @Override
    public void printed(int point) {
        Edit edit = session.edit;
        if (edit != null) {
            edit.printed = true;
        }
        if (screen.isAlternate()) {
            nested.printed();
        }
        boolean echo = false;
        if (!session.pending.isEmpty() || !session.current.isUntouched()) {
            TypedLine line = session.echoing();
            echo = line != null && line.shown(point);
        }
        if (!echo && point != ' ') {
            session.lastOtherNanos = session.now;
            session.held.printed(session.now);
        }
    }

    @Override
    public void controlSequence() {
        if (screen.isAlternate()) {
            nested.moving(false);
        }
        Edit edit = session.edit;
        if (edit != null) {
            edit.sequences++;
        }
    }

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
            EndedRow.ofAllUnended(session);
            Edit edit = session.beginEdit(true);
            if (screen.column() <= Prompts.MAX_LENGTH
                    && session.prompts.mayBegin(screen, screen.cursorRow())
                    && session.prompts.isLearned(session.leftOfCursor())) {
                edit.anchor(screen, false);
            }
        } else if (was) {
            Edit edit = session.edit;
            if (edit != null && edit.editor) {
                if (edit.printed || edit.isAnchored() || edit.beganColumn > 0) {
                    boolean below = screen.cursorRowIsBlank();
                    acceptedRow = below ? -1 : screen.cursorRow();
                    editors.settle(edit);
                }
                session.endEdit();
            }
        }
    }

    /** Numbers of rows are given anew to what is drawn on an empty screen. */
    @Override
    public void erasing(int how) {
        if (how == 2) {
            session.typedRow = -1;
            session.unendedRow = -1;
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
                    editors.settle(edit);
                    session.endEdit();
                }
            }
            default -> {}
        }
    }

    @Override
    public void lineFeed() {
        session.endOfFile = false;
        if (screen.isAlternate()) {
            nested.moving(true);
            return;
        }
        records.lineFeed();
        if (session.bracketed) {
            if (session.edit != null) {
                session.edit.lineFeeds++;
            }
            editors.endAbortedRow();
        } else if (screen.cursorRow() == acceptedRow) {
            acceptedRow = -1;
        } else {
            int waiting = session.pending.size();
            EndedRow row = EndedRow.of(session);
            if (waiting == 0) {
                unresolved.executedWithoutEcho();
            } else {
                plain.lineFeed();
            }
            if (row != null && session.pending.size() == waiting) {
                row.tell(session);
            }
        }
    }

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
        nested.end();
        AlternateKeys keys = session.alternate;
        if (keys.keys() > 0) {
            session.recorder.fullscreen(keys.keys(), session.enters, keys.lastNanos());
            session.pending.addAll(keys.typedBehind(session.roundTrip, session.now));
            long roundTrip = session.roundTrip.nanos();
            if (session.now - keys.lastNanos() < roundTrip) {
                session.current.edited.raise(EditedText.Level.UNKNOWN);
            }
            keys.clear();
        }
    }
}
