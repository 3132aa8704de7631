package dev.bastion.audit.mask;

/**
 * A text without its secrets. Immutable.
 *
 * @param rules names of the rules that masked something, apart by blanks; empty when none did
 */
public record Masked(String text, String rules) {

    /** Whether something was masked. */
    public boolean isChanged() {
        return !rules.isEmpty();
    }
}
