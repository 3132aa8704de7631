package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.LedgerStart;
import java.util.List;

/**
 * What retention removed, as far as it is signed. Immutable.
 *
 * @param start where the ledger begins since then
 * @param checkpoints number of the last checkpoint that went too
 */
record Removals(LedgerStart start, long checkpoints) {

    /** Goes through the tombstones; stops at the first that is wrong and tells of it. */
    static Removals of(KeyRing ring, Notes notes, List<Finding> findings) {
        var removed = new Removals(LedgerStart.BEGINNING, 0);
        for (Notes.Entry entry : notes.entries()) {
            long first = removed.start.position().sequence() + 1;
            try {
                if (!(entry instanceof Notes.Entry.Legible readable)) {
                    throw new IllegalArgumentException("it cannot be read");
                }
                Tombstone tombstone = Tombstone.of(readable.note());
                if (!ring.signed(readable.note())) {
                    throw new IllegalArgumentException(
                            "it is not signed by a key that is trusted, but by "
                                    + readable.note().signers());
                }
                if (tombstone.first() != first
                        || tombstone.start().segments() <= removed.start.segments()) {
                    throw new IllegalArgumentException("it does not follow the one before it");
                }
                removed = new Removals(tombstone.start(), tombstone.checkpoints());
            } catch (IllegalArgumentException e) {
                findings.add(
                        new Finding(
                                first,
                                "the statement that it was removed cannot be believed: "
                                        + e.getMessage()
                                        + "."));
                return removed;
            }
        }
        return removed;
    }
}
