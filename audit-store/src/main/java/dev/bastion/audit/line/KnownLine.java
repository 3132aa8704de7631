package dev.bastion.audit.line;

import dev.bastion.audit.line.EditedText.Level;
import org.jspecify.annotations.Nullable;

/**
 * Tells what of a line may be kept before the output has shown what became of it. Less than is
 * decided later: what may still turn out to have been typed for a prompt that asks for a secret is
 * not told. Confined to one thread.
 *
 * <p>Text counts as shown at a prompt that is known to show what is typed to it: the prompt of
 * earlier commands, the first one of a session that a line editor drew, or one that an editor which
 * has just announced itself is about to draw. Elsewhere it must stand on the screen, behind a
 * prompt.
 */
final class KnownLine {

    /** What fish's {@code read} shows with and without {@code -s}, in the shell's own editor. */
    private static final String FISH_READ = "read> ";

    private final Session session;

    KnownLine(Session session) {
        this.session = session;
    }

    /** At the first key of a line: whether what stands left of it shows what is typed to it. */
    boolean isKnownPrompt(String left) {
        if (!session.pending.isEmpty()
                || !session.held.isEmpty()
                || session.endOfFile
                || Prompts.asksForSecret(left)
                || left.startsWith(FISH_READ)) {
            return false;
        }
        Edit edit = session.edit;
        if (edit != null && session.bracketed && edit.editor) {
            boolean undrawn = left.isBlank() && !edit.printed;
            boolean first = session.prompts.isEmpty() && Prompts.isStrict(left);
            if (undrawn || first) {
                return true;
            }
        }
        return session.prompts.isLearned(left);
    }

    /** What may be kept of the current line. */
    EnteredLine current(boolean abort, int endingKeys, long enters) {
        TypedLine line = session.current;
        int keys = line.keys() - endingKeys;
        Choice.Text known =
                keys == 0 ? new Choice.Text("", DecidedLine.Source.TYPED, 1) : known(line);
        if (known == null) {
            return new EnteredLine("", false, 0, keys, false, abort, enters);
        }
        boolean whole = known.source() != DecidedLine.Source.SCREEN;
        return new EnteredLine(known.text(), whole, known.confidence(), keys, false, abort, enters);
    }

    private Choice.@Nullable Text known(TypedLine line) {
        Edit edit = session.edit;
        if (edit == null
                || !session.pending.isEmpty()
                || line.mustRedact()
                || session.screen.isAlternate()
                || Prompts.asksForSecret(edit.promptRow())) {
            return null;
        }
        boolean known = line.isAtKnownPrompt();
        boolean first = session.prompts.isEmpty() && Prompts.isStrict(edit.promptRow());
        boolean behindPrompt = edit.isAnchored() && (line.wasInEditor() || first);
        if (!known && !behindPrompt) {
            return null;
        }
        String typed = line.edited.text();
        String shown = session.reader.read(edit, typed).text();
        if (Chooser.isMask(shown, typed)) {
            return null;
        }
        Level level = line.edited.level();
        if (level == Level.UNKNOWN) {
            return onScreen(shown);
        }
        if (Chooser.agrees(shown, typed)) {
            return new Choice.Text(typed, DecidedLine.Source.BOTH, 0.9);
        }
        if (known) {
            return new Choice.Text(typed, DecidedLine.Source.TYPED, 0.6);
        }
        return typed.startsWith(shown) || level == Level.DIFFERS ? onScreen(shown) : null;
    }

    private static Choice.@Nullable Text onScreen(String shown) {
        return shown.isBlank() ? null : new Choice.Text(shown, DecidedLine.Source.SCREEN, 0.5);
    }
}
