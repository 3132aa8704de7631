package dev.bastion.audit.ledger;

/**
 * What opening a ledger found. Immutable.
 *
 * @param entries how many entries it holds
 * @param lastHash hash of the last of them
 * @param cutBytes how many bytes of a torn, never acknowledged write were cut from the end; 0 after
 *     a clean stop
 * @param cutSegment file name of the segment that was cut; empty when none was
 */
public record RecoveryReport(long entries, EntryHash lastHash, long cutBytes, String cutSegment) {

    /** Whether the end had been torn by a stop in the middle of a write. */
    public boolean cut() {
        return cutBytes > 0;
    }
}
