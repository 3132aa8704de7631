package dev.bastion.audit.ledger;

import java.io.IOException;

/** How much of a segment's file is a part of the ledger. */
public final class SegmentExtent {

    private SegmentExtent() {}

    /** The name of a segment's file. */
    public static String name(long ordinal) {
        return SegmentFolder.name(ordinal);
    }

    /**
     * Bytes from its start to the end of the last good entry up to this one; 0 when it begins after
     * that. Of a segment that is not good, all of it, so that whoever looks sees it.
     */
    public static long bytes(LedgerFiles files, long ordinal, long lastEntry) throws IOException {
        SegmentHeader header;
        try (FileSlice file = files.open(ordinal)) {
            header = SegmentHeader.read(file);
        } catch (SegmentHeader.DamagedHeaderException e) {
            try (FileSlice file = files.open(ordinal)) {
                return file.bytes();
            }
        }
        if (header.first() > lastEntry) {
            return 0;
        }
        long next = header.first();
        byte[] hash = header.previousHash().bytes();
        FileSlice file = files.open(ordinal);
        try (var scanner = SegmentScanner.of(file)) {
            while (next <= lastEntry) {
                switch (scanner.next(next, hash)) {
                    case SegmentScanner.Step.Entry entry -> {
                        next++;
                        hash = entry.hash();
                    }
                    case SegmentScanner.Step.Stop stop -> {
                        return Tail.judge(scanner.rest(), scanner.offset(), next) == Tail.CLEAN
                                ? scanner.offset()
                                : file.bytes();
                    }
                }
            }
            return scanner.offset();
        }
    }
}
