package dev.bastion.audit.shipping;

/**
 * How one receiver stands. Immutable.
 *
 * @param to its name
 * @param passed the newest entry that was handed over, 0 for none
 * @param certain the newest entry that is certain not to be needed again
 * @param behind how many entries of the ledger have not been handed over
 * @param error why nothing can be handed over now; empty when it can
 */
public record ShipperState(
        String to, Condition condition, long passed, long certain, long behind, String error) {

    /** What it does. */
    public enum Condition {
        /** Nothing runs, so nothing is passed on. */
        NOT_RUNNING("not running"),
        /** Entries are handed over. */
        FOLLOWING("following"),
        /** It is tried again, at most ten seconds apart. */
        AWAY("away"),
        /** Nothing is handed over, since its position is not one of this ledger. */
        STOPPED("stopped");

        private final String word;

        Condition(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
