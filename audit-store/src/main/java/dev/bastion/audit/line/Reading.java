package dev.bastion.audit.line;

/**
 * What the screen says a line is.
 *
 * @param text from where the line begins to the end of what was written
 * @param withFaint the same with a suggestion that is still shown behind it
 * @param prompt what stands before it
 * @param promptRow the last row of that
 * @param start how the begin was found
 */
record Reading(String text, String withFaint, String prompt, String promptRow, Start start) {

    /** How the begin of a line was found, the surest first. */
    enum Start {
        ANCHOR,
        LEARNED,
        TYPED,
        PATTERN,
        ROW,
        NOTHING
    }

    static final Reading NOTHING = new Reading("", "", "", "", Start.NOTHING);

    boolean isEmpty() {
        return text.isEmpty();
    }
}
