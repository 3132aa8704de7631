package dev.bastion.audit.ledger;

/**
 * How far a ledger goes. Immutable.
 *
 * @param sequence number of the last entry, 0 when there is none
 * @param hash chain hash of that entry, {@link EntryHash#NONE} when there is none
 */
public record LedgerPosition(long sequence, EntryHash hash) {

    /** Before the first entry. */
    public static final LedgerPosition START = new LedgerPosition(0, EntryHash.NONE);

    public LedgerPosition {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence must not be negative, was " + sequence);
        }
    }
}
