package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import java.time.Instant;

/**
 * One entry as it was read back, its chain checked. Immutable.
 *
 * @param written when the ledger took it, by this machine's clock, to the microsecond
 * @param placeInBatch 0 for the first entry of those that were synced together
 * @param payload the record's JSON as the ledger has it; not to be changed; not compared
 */
@SuppressWarnings("ArrayRecordComponent")
public record LedgerEntry(
        SequenceNumber sequence,
        Instant written,
        int placeInBatch,
        AuditRecord record,
        byte[] payload,
        EntryHash hash) {

    /** What the record takes in the ledger. */
    public int payloadBytes() {
        return payload.length;
    }

    public LedgerPosition position() {
        return new LedgerPosition(sequence.value(), hash);
    }
}
