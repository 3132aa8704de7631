package dev.bastion.audit.ledger;

/**
 * Where a ledger begins that is not whole any more: what retention removed stood before. Immutable.
 *
 * @param segments ordinal of the last segment that was removed, 0 when none was
 * @param position the last entry that was removed
 */
public record LedgerStart(long segments, LedgerPosition position) {

    /** Nothing was removed. */
    public static final LedgerStart BEGINNING = new LedgerStart(0, LedgerPosition.START);

    public LedgerStart {
        if (segments < 0) {
            throw new IllegalArgumentException("segments must not be negative, was " + segments);
        }
    }
}
