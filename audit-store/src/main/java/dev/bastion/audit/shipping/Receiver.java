package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Where a shipper hands entries over. Used by the shipper's thread alone, which may block in it.
 *
 * <p>After any failure it is closed, opened again, and given everything that comes after {@link
 * #safe()} once more.
 */
interface Receiver extends Closeable {

    /**
     * Connects, or opens what is written to.
     *
     * @param from the entries after this are given next
     */
    void open(LedgerPosition from) throws IOException;

    /** Hands entries over, the next ones in order. */
    void take(List<LedgerEntry> entries) throws IOException;

    /**
     * Called once a second at most while entries come, and when none come: makes durable what can
     * be, and fails when the receiver has gone.
     */
    void settle() throws IOException;

    /**
     * What is certain not to be needed again. {@link #take} and {@link #settle} move it; failing
     * and closing do not.
     */
    LedgerPosition safe();

    /** Idempotent; never throws away what was handed over and can still arrive. */
    @Override
    void close() throws IOException;
}
