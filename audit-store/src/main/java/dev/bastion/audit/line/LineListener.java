package dev.bastion.audit.line;

/**
 * Hears what {@link CommandLines} decided, in the order of the decisions, on its caller's thread.
 */
@FunctionalInterface
public interface LineListener {

    void decided(DecidedLine line);
}
