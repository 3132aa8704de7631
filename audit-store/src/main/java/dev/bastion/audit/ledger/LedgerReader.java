package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ledger's entries in order, one at a time, each checked. Confined to one thread; blocks on
 * the files; needs no lock.
 *
 * <p>{@link #next()} says when there is no more for now; later there may be.
 */
public final class LedgerReader implements AutoCloseable {

    private final SegmentFolder folder;
    private final LedgerStart start;
    private final LongSupplier limit;
    private final List<SegmentHeader> headers = new ArrayList<>();
    private long wanted;
    private long readable;

    private @Nullable SegmentScanner scanner;
    private long scannerOrdinal;
    private long next;
    private byte[] hash = EntryHash.NONE.bytes();

    private LedgerReader(
            SegmentFolder folder, LedgerStart start, SequenceNumber from, LongSupplier limit) {
        this.folder = folder;
        this.start = start;
        this.wanted = from.value();
        this.limit = limit;
    }

    /** Reads a ledger that nobody writes, to its end. */
    public static LedgerReader open(Path directory, SequenceNumber from) {
        try {
            return switch (LedgerWalk.walk(directory, LedgerStart.BEGINNING)) {
                case LedgerWalk.Outcome.Whole whole ->
                        following(
                                directory,
                                LedgerStart.BEGINNING,
                                from,
                                () -> whole.position().sequence());
                case LedgerWalk.Outcome.Damaged damaged ->
                        throw new AuditLogException(
                                "The ledger is damaged at entry " + damaged.sequence() + ".");
            };
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    static LedgerReader following(
            Path directory, LedgerStart start, SequenceNumber from, LongSupplier limit) {
        if (from.value() <= start.position().sequence()) {
            throw new AuditLogException(
                    "Entry %d of the ledger was removed; it begins at %d."
                            .formatted(from.value(), start.position().sequence() + 1));
        }
        return new LedgerReader(new SegmentFolder(directory), start, from, limit);
    }

    /**
     * The next entry, or empty when the ledger goes no further at this moment.
     *
     * @throws AuditLogException with a sentence when an entry is damaged or cannot be read
     */
    public Optional<LedgerEntry> next() {
        try {
            if (wanted > readable && !moreIsReadable()) {
                return Optional.empty();
            }
            while (true) {
                LedgerEntry entry = step();
                if (entry != null) {
                    wanted++;
                    return Optional.of(entry);
                }
            }
        } catch (IOException e) {
            throw unreadable(folder.path(), e);
        }
    }

    private boolean moreIsReadable() throws IOException {
        readable = limit.getAsLong();
        if (wanted > readable) {
            return false;
        }
        // Read after the limit, so these hold all entries up to it.
        while (folder.has(ordinal(headers.size()))) {
            try {
                headers.add(SegmentHeader.read(folder.segment(ordinal(headers.size()))));
            } catch (SegmentHeader.DamagedHeaderException e) {
                throw new IOException(e);
            }
        }
        if (scanner != null) {
            scanner.refresh();
        }
        return true;
    }

    private long ordinal(int index) {
        return start.segments() + index + 1;
    }

    /** Scans one entry; null when it stands before the wanted one. */
    private @Nullable LedgerEntry step() throws IOException {
        SegmentScanner from = scannerForNext();
        return switch (from.next(next, hash)) {
            case SegmentScanner.Step.Stop stop ->
                    throw new AuditLogException(
                            "The ledger is damaged: segment %010d, offset %d, entry %d: %s"
                                    .formatted(scannerOrdinal, from.offset(), next, stop.reason()));
            case SegmentScanner.Step.Entry entry -> {
                next++;
                hash = entry.hash();
                yield entry.header().sequence() < wanted ? null : decoded(entry);
            }
        };
    }

    private SegmentScanner scannerForNext() throws IOException {
        int following = (int) (scannerOrdinal - start.segments());
        if (scanner != null
                && (following == headers.size() || headers.get(following).first() > next)) {
            return scanner;
        }
        long target = scanner == null ? wanted : next;
        int index = headers.size() - 1;
        while (index > 0 && headers.get(index).first() > target) {
            index--;
        }
        close();
        SegmentHeader header = headers.get(index);
        SegmentScanner opened = SegmentScanner.open(folder.segment(header.ordinal()));
        scanner = opened;
        scannerOrdinal = header.ordinal();
        next = header.first();
        hash = header.previousHash().bytes();
        return opened;
    }

    private static LedgerEntry decoded(SegmentScanner.Step.Entry entry) {
        AuditRecord record;
        try {
            record = RecordDecoder.decode(entry.payload());
        } catch (IllegalArgumentException e) {
            throw new AuditLogException(
                    "Entry " + entry.header().sequence() + " cannot be read: " + e.getMessage(), e);
        }
        return new LedgerEntry(
                new SequenceNumber(entry.header().sequence()),
                Instant.EPOCH.plus(entry.header().writtenMicros(), ChronoUnit.MICROS),
                entry.header().placeInBatch(),
                record,
                entry.payload(),
                EntryHash.of(entry.hash()));
    }

    private static AuditLogException unreadable(Path directory, IOException cause) {
        return new AuditLogException(
                "The ledger at " + directory + " cannot be read: " + cause.getMessage(), cause);
    }

    /** Gives back the open file. Idempotent. */
    @Override
    public void close() {
        SegmentScanner old = scanner;
        scanner = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                throw unreadable(folder.path(), e);
            }
        }
    }
}
