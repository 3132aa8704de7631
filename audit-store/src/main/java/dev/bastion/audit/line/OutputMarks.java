package dev.bastion.audit.line;

/** What of the output means more than text. Called by {@link OutputParser}, on its thread. */
interface OutputMarks {

    /** A printable character, after it was put on the screen. */
    void printed(int point);

    /** A line feed, before the cursor moves. */
    void lineFeed();

    /** A sequence that moves, erases or colours. */
    void controlSequence();

    /** Bracketed paste goes on or off: most line editors turn it on while they read a line. */
    void bracketedPaste(boolean on);

    /** The alternate screen is about to come or has gone. */
    void alternateScreen(boolean on);

    /**
     * A part of the screen is about to be erased.
     *
     * @param how as in ED: 0 below the cursor, 1 above it, 2 everything
     */
    default void erasing(int how) {}

    /** A mark of shell integration, OSC 133 or 633: its letter. */
    void shellMark(char letter);
}
