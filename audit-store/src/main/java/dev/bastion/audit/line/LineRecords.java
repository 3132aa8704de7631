package dev.bastion.audit.line;

import dev.bastion.audit.line.DecidedLine.Kind;

/**
 * What a choice becomes: a command, when a line editor or a known prompt had it; else a line that
 * is held until the output tells. Confined to one thread.
 */
final class LineRecords {

    private final Session session;
    private final Screen screen;

    /** The last row of a command that waits for its expansion. */
    private long expandedFrom;

    LineRecords(Session session) {
        this.session = session;
        screen = session.screen;
    }

    /** A line feed: the row may be what history made of the last command. */
    void lineFeed() {
        if (!session.recorder.awaitsOutput()) {
            return;
        }
        String row = session.logicalRow();
        if (session.recorder.isAwaited(row)) {
            expandedFrom = screen.cursorRow();
        } else if (screen.cursorRow() > expandedFrom && !row.isBlank()) {
            session.recorder.outputLine(row);
        }
    }

    void record(TypedLine line, Choice choice, Reading reading, String keys, boolean editor) {
        switch (choice) {
            case Choice.Text text -> {
                if (line.mustRedact() && !(editor && isShownByEditor(text, reading))) {
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
                session.recorder.nothing(line);
                line.wipe();
            }
            case Choice.Wait _ -> {}
        }
    }

    /** Whatever asked before it, the shell's editor got it and shows it behind its own prompt. */
    private boolean isShownByEditor(Choice.Text text, Reading reading) {
        return text.source() == DecidedLine.Source.BOTH
                && session.prompts.isLearned(reading.promptRow())
                && reading.start().compareTo(Reading.Start.LEARNED) <= 0;
    }

    private void recordText(
            TypedLine line, Choice.Text text, Reading reading, String keys, boolean editor) {
        String prompt = reading.promptRow();
        boolean sure = reading.start() == Reading.Start.ANCHOR;
        Edit edit = session.edit;
        boolean marked = sure && edit != null && edit.isExact();
        boolean command =
                editor
                        || marked
                        || session.prompts.isLearned(prompt)
                        || (sure && session.prompts.isVariant(prompt))
                        || (sure && session.prompts.isEmpty() && Prompts.isLikely(prompt));
        if (!editor && !marked && !session.held.isEmpty()) {
            // A prompt came between its keys, before a line that was typed earlier was taken?
            String typed = line.edited.text();
            if (line.edited.isExact() && Chooser.isTail(text.text(), typed)) {
                hold(line, new Choice.Text(typed, DecidedLine.Source.TYPED, 0.6), keys, reading);
                return;
            }
            if (!Chooser.agrees(reading.text(), text.text())) {
                hold(line, text, keys, reading);
                return;
            }
        }
        if (!command && !sure) {
            String behind = withoutTypeAhead(prompt, text.text());
            if (!behind.isEmpty()) {
                prompt = behind;
                command = true;
            }
        }
        if (!command && !sure && session.held.isEmpty() && !session.standingPrompt.isEmpty()) {
            prompt = session.standingPrompt;
            command = true;
        }
        if (command) {
            if (editor || session.prompts.isLearned(prompt)) {
                // What a shell had got before this it would have shown.
                session.held.releaseBefore(line.enters());
            }
            session.standingPrompt = "";
            session.prompts.learn(prompt);
            session.recorder.text(Kind.COMMAND, line, keys, text, reading.prompt());
            boolean below = screen.cursorRowIsBlank();
            expandedFrom = below ? screen.cursorRow() - 1 : screen.cursorRow();
            line.wipe();
        } else {
            hold(line, text, keys, reading);
        }
    }

    /** An Enter alone, which a shell may still read as an empty line. */
    void holdEmpty(TypedLine line, Reading reading) {
        hold(line, new Choice.Text("", DecidedLine.Source.BOTH, 1.0), "", reading);
    }

    /** Whether what was typed is sure, and no abort. */
    static boolean mayHoldUnechoed(TypedLine line) {
        return line.edited.isExact() && !line.edited.text().isBlank() && !line.isAborted();
    }

    /** A line whose echo was not seen as a whole, and that a line editor may still show. */
    void holdUnechoed(TypedLine line) {
        String text = line.edited.text();
        String keys = line.raw().equals(text) ? text : Recorder.notEchoed(line.keys());
        session.held.hold(
                HeldLine.unechoed(
                        line,
                        new Choice.Text(text, DecidedLine.Source.BOTH, 0.9),
                        keys,
                        session.held.echoed(),
                        session.now));
    }

    /** A line that was echoed where no known prompt stood. */
    void holdEchoed(TypedLine line, Choice.Text text, Reading reading) {
        hold(line, text, shownKeys(line, text, Recorder.keystrokes(line, false)), reading);
    }

    private void hold(TypedLine line, Choice.Text text, String keys, Reading reading) {
        // What was typed with others waiting is not what an answer is to.
        boolean alone = session.held.isEmpty() && session.pending.isEmpty();
        HeldLine held =
                new HeldLine(
                        line,
                        text,
                        keys,
                        reading.prompt(),
                        place(reading),
                        session.held.echoedWith(line),
                        session.now,
                        alone ? session.now - session.lastOtherNanos : 0);
        if (line.isEndedByHand()) {
            held.endedByHand();
        }
        session.held.hold(held);
    }

    private static HeldLine.Place place(Reading reading) {
        String prompt = reading.promptRow();
        if (prompt.isBlank()) {
            return HeldLine.Place.NOWHERE;
        }
        if (Prompts.isProgress(prompt)) {
            return HeldLine.Place.OTHER;
        }
        if (Prompts.isLikely(prompt)) {
            return HeldLine.Place.PROMPT;
        }
        return Prompts.isQuestion(prompt) ? HeldLine.Place.QUESTION : HeldLine.Place.OTHER;
    }

    /** When the screen shows just what was typed, without any editing, all keys were shown. */
    private static String shownKeys(TypedLine line, Choice.Text text, String keys) {
        boolean same = text.source() == DecidedLine.Source.BOTH && line.raw().equals(text.text());
        return same ? line.raw() : keys;
    }

    /** A prompt that stands behind keys that came before it, or an empty string. */
    private String withoutTypeAhead(String prompt, String typed) {
        int same = 0;
        while (same < Math.min(prompt.length(), typed.length())
                && prompt.charAt(same) == typed.charAt(same)) {
            same++;
        }
        // Letters that known prompts begin with too are the prompt's own.
        boolean own =
                same < prompt.length() && session.prompts.isBegin(prompt.substring(0, same + 1));
        String rest = prompt.substring(own ? 0 : same);
        // A part of the line that ends as prompts do is none.
        boolean strict =
                !session.hadEditor && Prompts.isStrict(rest) && !typed.contains(rest.strip());
        return session.prompts.isLearned(rest) || strict ? rest : session.prompts.firstIn(prompt);
    }
}
