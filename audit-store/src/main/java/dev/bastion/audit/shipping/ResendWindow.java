package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.LedgerPosition;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far back what was written to a connection may not have arrived: the last so many bytes. Knows
 * the positions at marks some bytes apart, so it holds a few hundred of them at most. Confined to
 * one thread.
 */
final class ResendWindow {

    /** 64 KiB: positions nearer to each other than this are one. */
    static final long MARK_BYTES = 64 << 10;

    private record Mark(LedgerPosition position, long endsAt) {}

    private final long windowBytes;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long written;
    private LedgerPosition safe;

    ResendWindow(LedgerPosition from, long windowBytes) {
        this.safe = from;
        this.windowBytes = windowBytes;
    }

    /** So many bytes were written, which end with this entry. */
    void wrote(LedgerPosition upTo, long bytes) {
        written += bytes;
        Mark last = marks.peekLast();
        if (last == null || written - last.endsAt() >= MARK_BYTES) {
            marks.addLast(new Mark(upTo, written));
        }
        while (!marks.isEmpty() && marks.getFirst().endsAt() <= written - windowBytes) {
            safe = marks.removeFirst().position();
        }
    }

    /** The newest known position that lies before the window. */
    LedgerPosition safe() {
        return safe;
    }
}
