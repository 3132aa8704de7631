package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import java.time.Instant;

/**
 * One entry as it was read back, its chain checked. Immutable.
 *
 * @param written when the ledger took it, by this machine's clock, to the microsecond
 * @param payloadBytes what the record takes in the ledger
 */
public record LedgerEntry(
        SequenceNumber sequence,
        Instant written,
        AuditRecord record,
        int payloadBytes,
        EntryHash hash) {

    public LedgerPosition position() {
        return new LedgerPosition(sequence.value(), hash);
    }
}
