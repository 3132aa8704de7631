package dev.bastion.audit;

import java.util.Locale;

/** What a line of a terminal turned out to be. */
public enum LineKind {
    /** Received by something that takes commands. */
    COMMAND,
    /** Typed to a program that showed it. */
    INPUT,
    /** Not shown. */
    NO_ECHO,
    /** Keys in a program that had the whole screen. */
    FULLSCREEN,
    /** Given up by the operator, or not ended when the session was. */
    ABORTED,
    /** No line: empty, or a part of a later one. Not listed. */
    NOTHING;

    /** The word that people and scripts see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The kind that a word says.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static LineKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
