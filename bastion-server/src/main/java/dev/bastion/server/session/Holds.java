package dev.bastion.server.session;

/**
 * Why sessions are held. Immutable.
 *
 * @param ledger the ledger cannot be written: all are
 * @param recordings recordings cannot be written: those are that are recorded
 */
record Holds(boolean ledger, boolean recordings) {

    static final Holds NONE = new Holds(false, false);

    Holds withLedger(boolean now) {
        return new Holds(now, recordings);
    }

    Holds withRecordings(boolean now) {
        return new Holds(ledger, now);
    }
}
