package dev.bastion.audit.ledger;

import java.io.IOException;

/** Is shown each entry that was found good, in order. */
public interface EntryVisitor {

    /** Looks at nothing. */
    EntryVisitor NONE = (place, head, record, hash) -> {};

    /**
     * Where an entry stands.
     *
     * @param segment ordinal
     * @param offset in bytes from the start of the segment
     */
    record Place(long segment, long offset) {}

    /**
     * What stands before its record.
     *
     * @param writtenMicros microseconds since 1970
     */
    record Head(long sequence, long writtenMicros) {}

    /**
     * Called on the thread that walks.
     *
     * @param record JSON in UTF-8; not changed afterwards
     * @param hash chain hash, 32 bytes; not changed afterwards
     */
    void entry(Place place, Head head, byte[] record, byte[] hash) throws IOException;
}
