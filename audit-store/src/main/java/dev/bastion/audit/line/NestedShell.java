package dev.bastion.audit.line;

import org.jspecify.annotations.Nullable;

/**
 * A shell inside a program that has the whole screen, as in tmux. Its lines are told from keys of
 * an editor or a pager by what stands left of the cursor at the first key: a prompt. Confined to
 * one thread.
 */
final class NestedShell {

    private final Session session;
    private TypedLine line = new TypedLine();
    private @Nullable Edit anchor;

    NestedShell(Session session) {
        this.session = session;
    }

    void text(int point) {
        beforeKey();
        line.text(point, false);
    }

    void edit(EditKey edit, String raw) {
        beforeKey();
        line.edit(edit, raw, false);
    }

    void abort() {
        forget();
    }

    private void forget() {
        line.wipe();
        line = new TypedLine();
        anchor = null;
    }

    private void beforeKey() {
        if (!line.isUntouched()) {
            return;
        }
        String left = session.leftOfCursor();
        anchor = null;
        if (session.prompts.standsIn(left)) {
            Edit edit = session.beginEdit(false);
            edit.anchor(session.screen, false);
            session.edit = null;
            anchor = edit;
        }
    }

    /**
     * The last keys may not be shown yet, but some must be: what is not shown is not kept.
     *
     * @return whether the line is told
     */
    boolean enter() {
        boolean told = tell();
        forget();
        return told;
    }

    private boolean tell() {
        Edit edit = anchor;
        if (edit != null && !line.isUntouched()) {
            line.close(false, session.now, session.enters);
            String typed = line.edited.text();
            String shown = session.reader.read(edit, typed).text();
            Choice.Text choice = choose(typed, shown);
            if (choice != null) {
                String keys =
                        line.edited.isExact() && line.raw().equals(typed)
                                ? line.raw()
                                : Recorder.keystrokes(line, false);
                session.recorder.text(
                        DecidedLine.Kind.COMMAND, line, keys, choice, edit.promptRow());
                return true;
            }
        }
        return false;
    }

    private Choice.@Nullable Text choose(String typed, String shown) {
        if (shown.isBlank()) {
            return null;
        }
        if (line.edited.isExact()) {
            return typed.startsWith(shown) && typed.length() <= 2 * shown.length() + 1
                    ? new Choice.Text(typed, DecidedLine.Source.BOTH, 0.8)
                    : null;
        }
        return new Choice.Text(shown, DecidedLine.Source.SCREEN, 0.6);
    }
}
