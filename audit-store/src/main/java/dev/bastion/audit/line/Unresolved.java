package dev.bastion.audit.line;

import dev.bastion.audit.line.DecidedLine.Kind;
import java.util.Iterator;

/**
 * Lines that no row of the output fits: typed ahead, not echoed, or lost among other output.
 * Confined to one thread.
 */
final class Unresolved {

    /** A line is not given up before this time, however fast the host answers. */
    private static final long LATE_NANOS = 200_000_000;

    private final Session session;

    Unresolved(Session session) {
        this.session = session;
    }

    /**
     * "prompt output" and "prompt prompt": lines typed ahead were taken without an echo. Without
     * such lines, something else printed while a shell was reading.
     */
    void executedWithoutEcho() {
        if (session.held.isEmpty()) {
            if (session.prompts.mayBegin(session.screen, session.screen.cursorRow())) {
                String row = session.logicalRow();
                int length = session.prompts.lengthAt(row, 0);
                if (length > 0) {
                    session.standingPrompt = row.substring(0, length);
                }
            }
            return;
        }
        String row = session.logicalRow();
        String first = session.held.first().stripTrailing();
        if (!first.isEmpty() && row.endsWith(first)) {
            String left = row.substring(0, row.length() - first.length());
            int known = session.prompts.lengthEnding(left);
            if (known > 0 || Prompts.isStrict(left)) {
                session.held.executed(first, left.substring(known > 0 ? left.length() - known : 0));
                session.endEdit();
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
        if (prompts == 0 || isToldAbove(row.substring(at))) {
            return;
        }
        if (session.held.executed(row.substring(at), prompt)) {
            session.endEdit();
            return;
        }
        session.held.executed(prompts, prompt);
    }

    /** The rows begin with the last command, which filled its own to the end. */
    private boolean isToldAbove(String behindPrompt) {
        String last = session.recorder.lastCommandText();
        return !last.isEmpty() && session.rowContinues() && behindPrompt.startsWith(last);
    }

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
        boolean same = session.held.wereTypedTo(left);
        boolean stands = same || (at == left.length() && count > 0) || Prompts.isStrict(left);
        if (!stands) {
            return;
        }
        EndedRow.beforePrompt(session, same ? "" : left);
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
            if (same) {
                session.prompts.learn(left);
            }
            session.held.release();
            if (!session.bracketed) {
                session.edit = null;
            }
        }
    }

    /** A line that no output explained: kept only if it was wholly shown. */
    void giveUp(TypedLine line) {
        giveUp(line, "");
    }

    /** As before; {@code shown} is text of the screen that the line may stand in. */
    void giveUp(TypedLine line, String shown) {
        EditedText edited = line.edited;
        if (line.isAborted() || (edited.isExact() && edited.text().isBlank())) {
            session.recorder.nothing(line);
            line.wipe();
            return;
        }
        if (isTold(line)
                || (edited.isExact() && shown.contains(edited.text()) && !line.mustRedact())) {
            session.recorder.text(
                    line.isAtKnownPrompt() && !line.wasInEditor() ? Kind.COMMAND : Kind.INPUT,
                    line,
                    Recorder.keystrokes(line, false),
                    new Choice.Text(edited.text(), DecidedLine.Source.TYPED, 0.5),
                    "");
        } else if (line.printables() > 0) {
            session.recorder.notShown(line, "");
        } else {
            session.recorder.nothing(line);
        }
        line.wipe();
    }

    /**
     * Whether its text is told when it is given up: all of it was echoed, and something read it.
     */
    boolean isTold(TypedLine line) {
        boolean ahead = line.hasBegunElsewhere() && !line.isEndedByHand() && mayBeUnread();
        return line.edited.isExact() && line.wasEchoed() && !ahead && !line.mustRedact();
    }

    /**
     * Whether what stood before all lines that wait may not have been read when it was echoed. Once
     * more was echoed than a terminal keeps, it was read before anything asked.
     */
    private boolean mayBeUnread() {
        int behind = 0;
        for (TypedLine line : session.pending) {
            behind += line.wasEchoed() ? line.printables() : 0;
            if (behind > Session.TERMINAL_KEEPS) {
                return false;
            }
        }
        return true;
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
        EndedRow row = EndedRow.of(session);
        if (row != null) {
            row.tell(session);
        }
        session.held.release();
        while (!session.pending.isEmpty()) {
            giveUp(session.pending.remove());
        }
        session.recorder.release();
        AlternateKeys keys = session.alternate;
        if (keys.keys() > 0) {
            session.recorder.fullscreen(keys.keys(), session.enters, keys.lastNanos());
            keys.clear();
        }
    }
}
