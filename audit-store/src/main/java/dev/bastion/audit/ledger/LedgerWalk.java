package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through a whole ledger and checks every entry. Reads only; confined to one thread. */
final class LedgerWalk {

    private final LedgerFiles files;
    private final LedgerStart start;
    private final long limit;
    private final EntryVisitor visitor;
    private long next;
    private byte[] hash;

    private LedgerWalk(LedgerFiles files, LedgerStart start, long limit, EntryVisitor visitor) {
        this.files = files;
        this.start = start;
        this.limit = limit;
        this.visitor = visitor;
        this.next = start.position().sequence() + 1;
        this.hash = start.position().hash().bytes();
    }

    /** What the walk came to. */
    sealed interface Outcome {

        /**
         * A ledger that can be gone on with.
         *
         * @param lastOrdinal 0 when there is no segment
         * @param end where the last entry of the last segment ends
         * @param tornBytes not zero after that: the remains of a write that was not acknowledged
         */
        record Whole(LedgerPosition position, long lastOrdinal, long end, long tornBytes)
                implements Outcome {}

        record Damaged(long sequence, String segment, long offset, String reason)
                implements Outcome {}
    }

    static Outcome walk(Path directory, LedgerStart start) throws IOException {
        return walk(new SegmentFolder(directory), start, Long.MAX_VALUE, EntryVisitor.NONE);
    }

    /**
     * @param limit number of the last entry to look at; what comes after it may still be written
     */
    static Outcome walk(LedgerFiles files, LedgerStart start, long limit, EntryVisitor visitor)
            throws IOException {
        return new LedgerWalk(files, start, limit, visitor).run();
    }

    private Outcome run() throws IOException {
        List<SegmentHeader> headers = new ArrayList<>();
        for (long ordinal : files.ordinals()) {
            if (ordinal <= start.segments()) {
                // Removed by retention, which was interrupted.
                continue;
            }
            if (ordinal != expected(headers)) {
                return damagedHeader(headers, "The segment is missing.");
            }
            try (FileSlice file = files.open(ordinal)) {
                SegmentHeader header = SegmentHeader.read(file);
                if (header.ordinal() != ordinal) {
                    return damagedHeader(
                            headers, "The file is segment " + header.ordinal() + ", renamed.");
                }
                if (!headers.isEmpty() && header.first() > limit) {
                    break;
                }
                headers.add(header);
            } catch (SegmentHeader.DamagedHeaderException e) {
                return damagedHeader(headers, String.valueOf(e.getMessage()));
            }
        }
        for (int i = 0; i < headers.size() - 1; i++) {
            Outcome.Damaged damage = inner(headers.get(i), headers.get(i + 1));
            if (damage != null) {
                return damage;
            }
        }
        if (!headers.isEmpty()) {
            return last(headers.getLast());
        }
        return start.segments() == 0
                ? new Outcome.Whole(LedgerPosition.START, 0, 0, 0)
                : damaged(start.segments() + 1, 0, "The segment is missing.");
    }

    private long expected(List<SegmentHeader> before) {
        return start.segments() + before.size() + 1;
    }

    /** A bad header makes only what comes after the segments before it unreachable. */
    private Outcome damagedHeader(List<SegmentHeader> before, String reason) throws IOException {
        for (int i = 0; i < before.size() - 1; i++) {
            Outcome.Damaged earlier = inner(before.get(i), before.get(i + 1));
            if (earlier != null) {
                return earlier;
            }
        }
        if (!before.isEmpty() && last(before.getLast()) instanceof Outcome.Damaged earlier) {
            return earlier;
        }
        return damaged(expected(before), 0, reason);
    }

    private Outcome.@Nullable Damaged inner(SegmentHeader segment, SegmentHeader following)
            throws IOException {
        Outcome.Damaged atStart = checkStart(segment);
        if (atStart != null) {
            return atStart;
        }
        try (var scanner = SegmentScanner.of(files.open(segment.ordinal()))) {
            while (next < following.first()) {
                if (scan(scanner, segment) instanceof SegmentScanner.Step.Stop stop) {
                    return damaged(segment.ordinal(), scanner.offset(), stop.reason());
                }
            }
        }
        return null;
    }

    private Outcome last(SegmentHeader segment) throws IOException {
        Outcome.Damaged atStart = checkStart(segment);
        if (atStart != null) {
            return atStart;
        }
        try (var scanner = SegmentScanner.of(files.open(segment.ordinal()))) {
            while (next <= limit) {
                if (scan(scanner, segment) instanceof SegmentScanner.Step.Stop stop) {
                    return ended(segment, scanner, stop);
                }
            }
            return new Outcome.Whole(position(), segment.ordinal(), scanner.offset(), 0);
        }
    }

    private Outcome ended(
            SegmentHeader segment, SegmentScanner scanner, SegmentScanner.Step.Stop stop)
            throws IOException {
        byte[] rest = scanner.rest();
        return switch (Tail.judge(rest, scanner.offset(), next)) {
            case CLEAN -> new Outcome.Whole(position(), segment.ordinal(), scanner.offset(), 0);
            case TORN ->
                    new Outcome.Whole(
                            position(), segment.ordinal(), scanner.offset(), usedBytes(rest));
            case DAMAGED -> damaged(segment.ordinal(), scanner.offset(), stop.reason());
        };
    }

    private LedgerPosition position() {
        return new LedgerPosition(next - 1, EntryHash.of(hash));
    }

    private SegmentScanner.Step scan(SegmentScanner scanner, SegmentHeader segment)
            throws IOException {
        long offset = scanner.offset();
        SegmentScanner.Step step = scanner.next(next, hash);
        if (step instanceof SegmentScanner.Step.Entry entry) {
            next++;
            hash = entry.hash();
            visitor.entry(
                    new EntryVisitor.Place(segment.ordinal(), offset),
                    new EntryVisitor.Head(
                            entry.header().sequence(), entry.header().writtenMicros()),
                    entry.payload(),
                    hash);
        }
        return step;
    }

    private Outcome.@Nullable Damaged checkStart(SegmentHeader segment) {
        if (segment.first() != next) {
            return damaged(
                    segment.ordinal(),
                    0,
                    "The segment begins at entry " + segment.first() + " and not at " + next + ".");
        }
        if (!Arrays.equals(segment.previousHash().bytes(), hash)) {
            return damaged(
                    segment.ordinal(), 0, "The segment does not continue the one before it.");
        }
        return null;
    }

    private Outcome.Damaged damaged(long ordinal, long offset, String reason) {
        return new Outcome.Damaged(next, SegmentFolder.name(ordinal), offset, reason);
    }

    private static long usedBytes(byte[] rest) {
        int used = rest.length;
        while (used > 0 && rest[used - 1] == 0) {
            used--;
        }
        return used;
    }
}
