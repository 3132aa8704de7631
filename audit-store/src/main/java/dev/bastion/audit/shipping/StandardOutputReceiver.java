package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes lines to a stream whose other end says nothing: what it took counts as passed on. While
 * the other end does not read, this blocks.
 */
final class StandardOutputReceiver implements Receiver {

    private final OutputStream out;
    private LedgerPosition written = LedgerPosition.START;

    /**
     * @param out without a buffer, and no print stream: that would never be well again after one
     *     failure
     */
    StandardOutputReceiver(OutputStream out) {
        this.out = out;
    }

    @Override
    public void open(LedgerPosition from) {
        written = from;
    }

    /** In one write, so that no other line stands inside one of these. */
    @Override
    public void take(List<LedgerEntry> entries) throws IOException {
        out.write(JsonLine.lines(entries));
        written = entries.getLast().position();
    }

    @Override
    public void settle() {}

    @Override
    public LedgerPosition safe() {
        return written;
    }

    @Override
    public void close() {}
}
