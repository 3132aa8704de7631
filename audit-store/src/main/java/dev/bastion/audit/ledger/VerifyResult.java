package dev.bastion.audit.ledger;

/** Whether a ledger is whole. Immutable. */
public sealed interface VerifyResult {

    /**
     * Every entry is there and unchanged, as far as the chain alone can tell.
     *
     * @param entries number of the last
     * @param tornBytes the remains of a write that was never acknowledged, after the last entry
     */
    record Sound(long entries, EntryHash lastHash, long tornBytes) implements VerifyResult {}

    /**
     * The first thing that is wrong.
     *
     * @param sequence number of the first entry that is not as it was written
     * @param segment file name
     * @param offset in bytes from the start of that file
     * @param reason a sentence
     */
    record Broken(long sequence, String segment, long offset, String reason)
            implements VerifyResult {}
}
