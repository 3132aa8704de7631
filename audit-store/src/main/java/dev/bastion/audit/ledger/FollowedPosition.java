package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.SequenceNumber;
import java.util.Optional;

/** Whether the position that a follower has kept is one of this ledger. */
public final class FollowedPosition {

    private FollowedPosition() {}

    /**
     * Checks it. One from before what retention has left cannot be, and passes.
     *
     * @param follower whose it is, as in a sentence after "the"
     * @throws AuditLogException with a sentence when the ledger was cut, changed or is another one
     */
    public static void check(FileLedger ledger, LedgerPosition at, String follower) {
        LedgerPosition start = ledger.start().position();
        if (at.sequence() < start.sequence() || at.sequence() == 0 || at.equals(start)) {
            return;
        }
        if (at.sequence() == start.sequence()) {
            throw new AuditLogException(
                    ("Entry %d, the last that was removed, is not the one that the %s followed: it"
                                    + " is of another ledger.")
                            .formatted(at.sequence(), follower));
        }
        if (at.sequence() > ledger.committed().sequence()) {
            throw new AuditLogException(
                    ("The %s holds entries up to %d, the ledger ends at %d: the ledger was cut,"
                                    + " or it is another one.")
                            .formatted(follower, at.sequence(), ledger.committed().sequence()));
        }
        try (LedgerReader reader = ledger.read(new SequenceNumber(at.sequence()))) {
            Optional<LedgerEntry> entry = reader.next();
            if (entry.isEmpty() || !entry.get().hash().equals(at.hash())) {
                throw new AuditLogException(
                        ("Entry %d of the ledger is not the one that the %s followed: the ledger"
                                        + " was changed, or it is another one.")
                                .formatted(at.sequence(), follower));
            }
        }
    }
}
