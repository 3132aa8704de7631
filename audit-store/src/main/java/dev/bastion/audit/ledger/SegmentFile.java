package dev.bastion.audit.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A segment open for writing. Used by one thread at a time. */
interface SegmentFile extends Closeable {

    /** Writes all that remains of the buffer at an offset in bytes. */
    void write(ByteBuffer bytes, long offset) throws IOException;

    /** Returns when what was written is on the device. */
    void force() throws IOException;
}
