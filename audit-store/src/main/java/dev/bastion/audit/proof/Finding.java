package dev.bastion.audit.proof;

/**
 * Something that is wrong. Immutable.
 *
 * @param entry number of the first entry that cannot be believed because of it
 * @param reason a sentence
 */
public record Finding(long entry, String reason) {

    /** As it is shown. */
    public String sentence() {
        return "Entry " + entry + " is bad: " + reason;
    }
}
