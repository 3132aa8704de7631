package dev.bastion.audit.line;

/**
 * Hears what {@link CommandLines} sees and decides, on its caller's thread. Every Enter and abort
 * is told three times at most: that it was typed, and later what the line was or that there was
 * none.
 */
@FunctionalInterface
public interface LineListener {

    /** What a line was, in the order of the decisions. */
    void decided(DecidedLine line);

    /** An Enter or an abort, before anything is decided of its line. */
    default void entered(EnteredLine line) {}

    /**
     * There was no line of its own: it was empty, or aborted, or it is a part of a later one.
     *
     * @param enters which Enter of the session
     */
    default void nothing(long enters) {}
}
