package dev.bastion.audit.line;

/**
 * The operator's side: keys become lines, lines wait for the output. At the first key of a line
 * this notes where the cursor stands. Confined to one thread.
 */
final class Typing implements Keys {

    /** Output that is older than this is over: what stands left of the cursor is a prompt. */
    private static final long QUIET_NANOS = 12_000_000;

    /** After an editor announced itself it may still show lines that were typed ahead. */
    private static final long REDISPLAY_NANOS = 40_000_000;

    /** The echo of keys that were typed before a prompt came is there by then. */
    private static final long ELSEWHERE_NANOS = 250_000_000;

    private final Session session;
    private final Unresolved unresolved;
    private final NestedShell nested;
    private final KnownLine known;

    Typing(Session session, Unresolved unresolved, NestedShell nested) {
        this.session = session;
        this.unresolved = unresolved;
        this.nested = nested;
        known = new KnownLine(session);
    }

    @Override
    public void text(int point, boolean pasted) {
        if (session.screen.isAlternate()) {
            countAlternate();
            nested.text(point);
            return;
        }
        beforeKey();
        session.current.text(point, isInEditor());
    }

    @Override
    public void edit(EditKey key, String raw) {
        if (session.screen.isAlternate()) {
            countAlternate();
            nested.edit(key, raw);
            return;
        }
        if (key == EditKey.END_OF_FILE && session.current.isUntouched()) {
            session.endOfFile = true;
            endedByHand();
            return;
        }
        beforeKey();
        session.current.edit(key, raw, isInEditor());
    }

    @Override
    public void enter(char key) {
        if (key == 0x0f && !session.bracketed) {
            edit(EditKey.UNKNOWN, String.valueOf(key));
            return;
        }
        if (session.screen.isAlternate()) {
            countAlternate();
            countEnter(false, !nested.mayBeLine());
            if (nested.enter()) {
                session.alternate.endLine();
            } else {
                session.alternate.enter(session.enters);
            }
            return;
        }
        beforeKey();
        close(false);
    }

    @Override
    public void abort(char key) {
        if (session.screen.isAlternate()) {
            countAlternate();
            countEnter(true, true);
            session.alternate.endLine();
            nested.abort();
            return;
        }
        endedByHand();
        beforeKey();
        session.current.edit(EditKey.REDRAW, String.valueOf(key), isInEditor());
        close(true);
    }

    /** The operator ends what runs or its input: nothing takes more of what was typed before. */
    private void endedByHand() {
        String left = session.leftOfCursor();
        boolean bare = left.isBlank();
        for (TypedLine line : session.pending) {
            bare |= line.edited.text().startsWith(left);
        }
        if (bare) {
            session.held.endedByHand();
        }
        for (TypedLine line : session.pending) {
            if (bare || !line.isAllPrinted()) {
                line.endedByHand();
            }
        }
    }

    private void countEnter(boolean abort, boolean fullscreen) {
        session.enters++;
        session.entered(new EnteredLine("", true, 0, 1, fullscreen, abort, session.enters));
    }

    /** What may be kept of the current line, before it is ended. */
    EnteredLine current() {
        return known.current(false, 0, session.enters + 1);
    }

    private void close(boolean abort) {
        session.current.close(abort, session.now, ++session.enters);
        session.entered(known.current(abort, abort ? 1 : 0, session.enters));
        session.pending.add(session.current);
        session.current = new TypedLine();
        if (session.pending.size() > Session.MAX_PENDING) {
            unresolved.giveUp(session.pending.remove());
        }
    }

    private void countAlternate() {
        session.alternate.key(session.now);
    }

    /** Keys behind an Enter that is not decided may be for something else than the editor. */
    private boolean isInEditor() {
        Edit edit = session.edit;
        return session.bracketed && edit != null && edit.editor && session.pending.isEmpty();
    }

    private void beforeKey() {
        if (!session.current.isUntouched() && !wentElsewhere()) {
            return;
        }
        String left = session.leftOfCursor();
        boolean quiet = session.now - session.lastOutputNanos > QUIET_NANOS;
        unresolved.promptMayStand(left, quiet);
        session.held.releaseSettled(session.now);
        if (quiet && !left.isBlank()) {
            session.typedRow = session.screen.cursorRow();
        }
        if (!session.prompts.isLearned(left)) {
            session.current.beganElsewhere();
        }
        Edit edit = session.edit;
        if (edit == null) {
            edit = session.beginEdit(false);
        }
        session.current.atKnownPrompt(known.isKnownPrompt(left));
        if (session.pending.isEmpty() && !edit.isExact() && !left.isBlank()) {
            if (session.prompts.isLearned(left) || (quiet && !mayRedisplay(left))) {
                edit.anchor(session.screen, false);
            }
        }
    }

    /**
     * A bare prompt stands now that did not when the first keys came: a program took them one by
     * one, as top does and questions that want no Enter.
     */
    private boolean wentElsewhere() {
        TypedLine line = session.current;
        long settled = Math.max(ELSEWHERE_NANOS, session.roundTrip.nanos() * 2);
        if (!line.hasBegunElsewhere()
                || !session.pending.isEmpty()
                || session.now - session.lastOutputNanos <= settled
                || !session.prompts.isLearned(session.leftOfCursor())) {
            return false;
        }
        line.close(false, session.now, session.enters);
        unresolved.giveUp(line);
        session.current = new TypedLine();
        return true;
    }

    /**
     * Lines that were typed ahead are about to be shown, or one of them is, by an editor that is
     * slow.
     */
    private boolean mayRedisplay(String left) {
        if (session.held.isEmpty()) {
            return false;
        }
        long since = session.now - session.bracketedNanos;
        String shown = left.substring(session.prompts.lengthAt(left, 0));
        return since < Math.max(REDISPLAY_NANOS, session.roundTrip.nanos())
                || (shown.length() < left.length()
                        && !shown.isEmpty()
                        && session.held.first().startsWith(shown));
    }
}
