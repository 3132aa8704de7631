package dev.bastion.audit.line;

/**
 * What is known of a line at the moment when it is entered: what of its text may be kept whatever
 * comes, since a shell's prompt stands and the text is shown there. Immutable.
 *
 * @param text of the line; empty when nothing may be kept
 * @param whole whether the text says all that was typed
 * @param confidence of the text, from 0 to 1
 * @param keys how many were typed, without the one that ended it
 * @param fullscreen a program has the whole screen
 * @param abort it was given up
 * @param enters which Enter or abort of the session; the next one, when it is not ended yet
 */
public record EnteredLine(
        String text,
        boolean whole,
        double confidence,
        int keys,
        boolean fullscreen,
        boolean abort,
        long enters) {}
