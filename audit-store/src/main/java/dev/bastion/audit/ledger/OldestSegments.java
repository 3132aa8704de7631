package dev.bastion.audit.ledger;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The segments at the beginning of a ledger, one after the other, all but the last. Each is read
 * and checked as it is shown. Confined to one thread.
 */
public final class OldestSegments {

    private final LedgerFiles files;
    private final List<Long> ordinals;
    private LedgerStart end;

    /**
     * Begins with the first one.
     *
     * @param start where the ledger begins now
     */
    public OldestSegments(LedgerFiles files, LedgerStart start) throws IOException {
        this.files = files;
        this.end = start;
        this.ordinals = files.ordinals().stream().filter(each -> each > start.segments()).toList();
    }

    /**
     * One of them.
     *
     * @param end where the ledger would begin without it
     * @param newest when the newest of its entries was written
     * @param bytes of its file
     */
    public record Segment(LedgerStart end, Instant newest, long bytes) {}

    /** Is shown an entry. */
    public interface Visitor {
        void entry(long sequence, byte[] record);
    }

    /** Of all segments, the last one too. */
    public long bytes() throws IOException {
        long bytes = 0;
        for (long ordinal : ordinals) {
            try (FileSlice file = files.open(ordinal)) {
                bytes += file.bytes();
            }
        }
        return bytes;
    }

    /** Whether there is one more, which is not the last of the ledger. */
    public boolean hasNext() {
        return !ordinals.isEmpty() && end.segments() + 1 < ordinals.getLast();
    }

    /**
     * Reads the next one.
     *
     * @throws IOException when it is not whole
     */
    public Segment next(Visitor visitor) throws IOException {
        long ordinal = end.segments() + 1;
        try (FileSlice following = files.open(ordinal + 1)) {
            long first = SegmentHeader.read(following).first();
            FileSlice file = files.open(ordinal);
            long next = end.position().sequence() + 1;
            byte[] hash = end.position().hash().bytes();
            long newestMicros = 0;
            try (var scanner = SegmentScanner.of(file)) {
                while (next < first) {
                    switch (scanner.next(next, hash)) {
                        case SegmentScanner.Step.Entry entry -> {
                            visitor.entry(next, entry.payload());
                            newestMicros = Math.max(newestMicros, entry.header().writtenMicros());
                            hash = entry.hash();
                            next++;
                        }
                        case SegmentScanner.Step.Stop stop ->
                                throw new IOException(
                                        "entry " + next + " is damaged: " + stop.reason());
                    }
                }
            }
            end = new LedgerStart(ordinal, new LedgerPosition(next - 1, EntryHash.of(hash)));
            return new Segment(
                    end, Instant.EPOCH.plus(newestMicros, ChronoUnit.MICROS), file.bytes());
        } catch (SegmentHeader.DamagedHeaderException e) {
            throw new IOException(e);
        }
    }
}
