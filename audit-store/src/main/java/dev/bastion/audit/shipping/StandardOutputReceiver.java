package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * Writes lines to a stream whose other end says nothing: what it took counts as passed on. While
 * the other end does not read, this blocks.
 */
final class StandardOutputReceiver implements Receiver {

    private final PrintStream out;
    private LedgerPosition written = LedgerPosition.START;

    StandardOutputReceiver(PrintStream out) {
        this.out = out;
    }

    @Override
    public void open(LedgerPosition from) {
        written = from;
    }

    /** In one write, so that no other line stands inside one of these. */
    @Override
    public void take(List<LedgerEntry> entries) throws IOException {
        byte[] lines = JsonLine.lines(entries);
        out.write(lines, 0, lines.length);
        if (out.checkError()) {
            throw new IOException("standard output cannot be written");
        }
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
