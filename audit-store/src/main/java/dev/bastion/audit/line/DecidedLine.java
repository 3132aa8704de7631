package dev.bastion.audit.line;

import java.util.Locale;

/**
 * What is known of a line once the output has shown what became of it. Immutable.
 *
 * @param kind what it was typed to
 * @param command the text that was received; empty for {@link Kind#NO_ECHO} and {@link
 *     Kind#FULLSCREEN}
 * @param keystrokes the keys as typed, control characters in caret notation, or a marker in
 *     brackets that says how many were not shown
 * @param prompt what stood before the text, several rows joined by line feeds; empty when unknown
 * @param source where the text comes from
 * @param confidence from 0 to 1
 * @param enters how many Enters and aborts the session had up to the one that ended this line
 * @param enteredNanos when that one was typed, by the clock of the caller
 */
public record DecidedLine(
        Kind kind,
        String command,
        String keystrokes,
        String prompt,
        Source source,
        double confidence,
        long enters,
        long enteredNanos) {

    /** What a line was typed to. */
    public enum Kind {
        /** A prompt that takes commands. */
        COMMAND,
        /** A program that showed what was typed. */
        INPUT,
        /** Something that did not show it: nothing of it is kept. */
        NO_ECHO,
        /** A program that had the whole screen: its keys are counted. */
        FULLSCREEN
    }

    /** Where the text of a line comes from. */
    public enum Source {
        /** From the keys; the screen showed them mixed with other text. */
        TYPED,
        /** From the screen; the keys alone do not tell. */
        SCREEN,
        /** The keys and the screen say the same. */
        BOTH,
        /** Not shown, so not kept. */
        SEALED_AND_UNJUDGED;

        /** The word that people and scripts see. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
