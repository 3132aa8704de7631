package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through a whole ledger and checks every entry. Reads only; confined to one thread. */
final class LedgerWalk {

    private final SegmentFolder folder;
    private long next = 1;
    private byte[] hash = EntryHash.NONE.bytes();

    private LedgerWalk(SegmentFolder folder) {
        this.folder = folder;
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

    static Outcome walk(Path directory) throws IOException {
        return new LedgerWalk(new SegmentFolder(directory)).run();
    }

    private Outcome run() throws IOException {
        List<SegmentHeader> headers = new ArrayList<>();
        for (long ordinal : folder.ordinals()) {
            if (ordinal != headers.size() + 1L) {
                return damagedHeader(headers, "The segment is missing.");
            }
            try {
                SegmentHeader header = SegmentHeader.read(folder.segment(ordinal));
                if (header.ordinal() != ordinal) {
                    return damagedHeader(
                            headers, "The file is segment " + header.ordinal() + ", renamed.");
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
        return headers.isEmpty()
                ? new Outcome.Whole(LedgerPosition.START, 0, 0, 0)
                : last(headers.getLast());
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
        return damaged(before.size() + 1L, 0, reason);
    }

    private Outcome.@Nullable Damaged inner(SegmentHeader segment, SegmentHeader following)
            throws IOException {
        Outcome.Damaged start = checkStart(segment);
        if (start != null) {
            return start;
        }
        try (var scanner = SegmentScanner.open(folder.segment(segment.ordinal()))) {
            while (next < following.first()) {
                if (scan(scanner) instanceof SegmentScanner.Step.Stop stop) {
                    return damaged(segment.ordinal(), scanner.offset(), stop.reason());
                }
            }
        }
        return null;
    }

    private Outcome last(SegmentHeader segment) throws IOException {
        Outcome.Damaged start = checkStart(segment);
        if (start != null) {
            return start;
        }
        try (var scanner = SegmentScanner.open(folder.segment(segment.ordinal()))) {
            while (true) {
                if (scan(scanner) instanceof SegmentScanner.Step.Stop stop) {
                    byte[] rest = scanner.rest();
                    var position = new LedgerPosition(next - 1, EntryHash.of(hash));
                    return switch (Tail.judge(rest, scanner.offset(), next)) {
                        case CLEAN ->
                                new Outcome.Whole(position, segment.ordinal(), scanner.offset(), 0);
                        case TORN ->
                                new Outcome.Whole(
                                        position,
                                        segment.ordinal(),
                                        scanner.offset(),
                                        usedBytes(rest));
                        case DAMAGED -> damaged(segment.ordinal(), scanner.offset(), stop.reason());
                    };
                }
            }
        }
    }

    private SegmentScanner.Step scan(SegmentScanner scanner) throws IOException {
        SegmentScanner.Step step = scanner.next(next, hash);
        if (step instanceof SegmentScanner.Step.Entry entry) {
            next++;
            hash = entry.hash();
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
        return new Outcome.Damaged(
                next, String.valueOf(folder.segment(ordinal).getFileName()), offset, reason);
    }

    private static long usedBytes(byte[] rest) {
        int used = rest.length;
        while (used > 0 && rest[used - 1] == 0) {
            used--;
        }
        return used;
    }
}
