package dev.bastion.audit.ledger;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts batches at the end of the ledger, a segment after the other. Confined to the writer's
 * thread.
 *
 * <p>A segment in which a write or a sync failed is not touched again: what the failed sync lost,
 * the next one on that file would not tell of. The next batch goes into a new segment, which begins
 * where the last synced entry ended.
 */
final class SegmentAppender implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentAppender.class);

    private final SegmentFolder folder;
    private final SegmentFiles files;
    private final int segmentBytes;
    private final NextSegment next;

    private LedgerPosition position;
    private long ordinal;
    private long ordinalFirst;
    private @Nullable SegmentFile segment;
    private long capacity;
    private long offset;
    private ByteBuffer buffer = ByteBuffer.allocate(64 << 10);

    SegmentAppender(SegmentFolder folder, SegmentFiles files, int segmentBytes, LedgerEnd end) {
        this.folder = folder;
        this.files = files;
        this.segmentBytes = segmentBytes;
        this.next = new NextSegment(folder.unfinished(), files, segmentBytes);
        this.position = end.position();
        this.ordinal = end.ordinal();
        this.ordinalFirst = end.ordinalFirst();
        this.segment = end.segment();
        this.capacity = end.capacity();
        this.offset = end.offset();
    }

    /**
     * Where appending goes on.
     *
     * @param ordinal of the last segment, 0 when there is none
     * @param ordinalFirst sequence number that it begins with
     * @param segment open for writing, null when the next batch begins a new one
     */
    record LedgerEnd(
            LedgerPosition position,
            long ordinal,
            long ordinalFirst,
            @Nullable SegmentFile segment,
            long capacity,
            long offset) {}

    /**
     * Writes the batch and syncs once. When this throws, nothing of the batch counts and the
     * position is as before.
     */
    @CanIgnoreReturnValue
    LedgerPosition append(List<PendingAppend> batch, Instant now) throws IOException {
        long size = 0;
        for (PendingAppend append : batch) {
            size += append.entryBytes();
        }
        SegmentFile to = segment;
        if (to == null || offset + size > capacity) {
            to = begin(size, now);
        }
        try {
            LedgerPosition end = encode(batch, size, micros(now));
            to.write(buffer, offset);
            to.force();
            offset += size;
            position = end;
            if (offset > capacity / 2) {
                next.prepare();
            }
            return end;
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        }
    }

    private LedgerPosition encode(List<PendingAppend> batch, long size, long micros) {
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocate(Math.toIntExact(size));
        }
        buffer.clear();
        byte[] hash = position.hash().bytes();
        int place = 0;
        for (PendingAppend append : batch) {
            for (byte[] payload : append.payloads()) {
                long sequence = position.sequence() + 1 + place;
                var header = new EntryFormat.Header(payload.length, sequence, place, micros);
                hash = EntryFormat.put(buffer, header, payload, hash);
                place++;
            }
        }
        buffer.flip();
        return new LedgerPosition(position.sequence() + place, EntryHash.of(hash));
    }

    private SegmentFile begin(long batchBytes, Instant now) throws IOException {
        abandon();
        long size = Math.max(segmentBytes, SegmentHeader.BYTES + batchBytes);
        long first = position.sequence() + 1;
        // A segment that holds no synced entry is replaced, so that a long outage leaves only one.
        long number = ordinal > 0 && ordinalFirst == first ? ordinal : ordinal + 1;
        SegmentFile made = next.take(size);
        try {
            made.write(new SegmentHeader(number, first, position.hash(), micros(now)).encode(), 0);
            made.force();
            files.publish(folder.unfinished(), folder.segment(number));
        } catch (IOException | RuntimeException e) {
            closeQuietly(made);
            throw e;
        } finally {
            if (folder.has(number)) {
                ordinal = number;
                ordinalFirst = first;
            }
        }
        segment = made;
        capacity = size;
        offset = SegmentHeader.BYTES;
        return made;
    }

    private void abandon() {
        SegmentFile old = segment;
        segment = null;
        if (old != null) {
            closeQuietly(old);
        }
    }

    private static void closeQuietly(SegmentFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("A segment could not be closed.", e);
        }
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    @Override
    public void close() {
        abandon();
        next.close();
    }
}
