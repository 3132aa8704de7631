package dev.bastion.audit.line;

import org.jspecify.annotations.Nullable;

/**
 * A row of output that a line feed ends, with those that wrapped into it, for lines that wait above
 * it: whether it may have asked for one of them. Immutable.
 *
 * @param text without blanks at its end
 * @param asked it ends as questions do, and no key was typed to it
 * @param colons a mark of a question stands in it
 */
record EndedRow(String text, boolean asked, boolean colons) {

    private static final int MAX_ROWS = 4;

    /** The cursor's row, or null when nobody waits or it is no output of a program. */
    static @Nullable EndedRow of(Session session) {
        long row = session.screen.cursorRow();
        return of(session, row, RowText.of(session.screen, row));
    }

    private static @Nullable EndedRow of(Session session, long number, String left) {
        if (session.held.isEmpty() && session.pending.stream().noneMatch(EndedRow::mayBeTaken)) {
            return null;
        }
        String row = left.stripTrailing();
        int cells = MAX_ROWS * session.screen.columns();
        String text = (RowText.joinedAbove(session.screen, number, cells) + left).stripTrailing();
        if (text.isEmpty()
                || session.prompts.isLearned(left)
                || session.prompts.isLearned(row + ' ')) {
            return null;
        }
        boolean typed = session.typedRow == number;
        return new EndedRow(text, !typed && Prompts.mayAsk(text), Prompts.hasQuestion(text));
    }

    /** A line that waits, whose echo is over. Keys that only recall or edit are no secret. */
    private static boolean mayBeTaken(TypedLine line) {
        return line.printables() > 0 && line.hasBegunElsewhere() && line.isAllPrinted();
    }

    /** A line editor begins: rows that no line feed ended are over, as zsh goes below them. */
    static void ofAllUnended(Session session) {
        long cursor = session.screen.cursorRow();
        if (session.held.isEmpty() || session.unendedRow == cursor) {
            return;
        }
        session.unendedRow = cursor;
        for (long i = RowText.logicalStart(session.screen, cursor, MAX_ROWS); i <= cursor; i++) {
            String text = i == cursor ? session.leftOfCursor() : RowText.of(session.screen, i);
            boolean drawn = session.prompts.lengthAt(text, 0) > 0;
            EndedRow row = drawn ? null : of(session, i, text);
            if (row != null) {
                row.tell(session);
            }
        }
    }

    /** What a program left on the row that a shell's prompt stands on now. */
    static void beforePrompt(Session session, String left) {
        String rest = left;
        for (int length = 1; length > 0; ) {
            length = session.prompts.lengthEnding(rest);
            rest = rest.substring(0, rest.length() - length);
        }
        if (!rest.isBlank() && !session.held.isEmpty()) {
            boolean asked = Prompts.hasQuestion(rest);
            new EndedRow(rest.stripTrailing(), asked, asked).tell(session);
        }
    }

    /** Tells those that wait. */
    void tell(Session session) {
        session.held.rowEnded(text, asked, colons);
        if (asked) {
            for (TypedLine line : session.pending) {
                if (mayBeTaken(line)) {
                    line.redact();
                }
            }
        }
    }
}
