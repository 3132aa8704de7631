package dev.bastion.audit.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads the entries of one segment in order and checks each. Holds one entry and a read-ahead of
 * 256 KiB. Confined to one thread.
 */
final class SegmentScanner implements Closeable {

    private static final int READ_AHEAD_BYTES = 256 << 10;

    private final FileSlice file;
    private long offset = SegmentHeader.BYTES;
    private byte[] window = new byte[READ_AHEAD_BYTES];
    private long windowStart;
    private int windowBytes;

    private SegmentScanner(FileSlice file) {
        this.file = file;
    }

    static SegmentScanner open(Path segment) throws IOException {
        return new SegmentScanner(FileSlice.of(segment));
    }

    /** Closes it in the end. */
    static SegmentScanner of(FileSlice segment) {
        return new SegmentScanner(segment);
    }

    /** What stands at the scanner's offset. */
    sealed interface Step {

        /** Its arrays are the receiver's own; never compared. */
        @SuppressWarnings("ArrayRecordComponent")
        record Entry(EntryFormat.Header header, byte[] payload, byte[] hash) implements Step {}

        /** Not the expected entry; the scanner stays where it is. */
        record Stop(String reason) implements Step {}
    }

    /** Where the next entry is looked for, in bytes from the start of the file. */
    long offset() {
        return offset;
    }

    /** Forgets what was read ahead, since the file may have grown. */
    void refresh() {
        windowBytes = 0;
    }

    Step next(long expectedSequence, byte[] previousHash) throws IOException {
        if (!available(EntryFormat.HEADER_BYTES)) {
            return new Step.Stop("The segment ends before entry " + expectedSequence + ".");
        }
        EntryFormat.Header header = EntryFormat.header(window, index());
        if (header == null) {
            return new Step.Stop("The entry's head does not fit its checksum.");
        }
        if (!available(header.entryBytes())) {
            return new Step.Stop("The segment ends in the middle of the entry.");
        }
        if (!EntryFormat.checksumFits(window, index(), header.entryBytes())) {
            return new Step.Stop("The entry does not fit its checksum.");
        }
        if (header.sequence() != expectedSequence) {
            return new Step.Stop(
                    "Entry "
                            + header.sequence()
                            + " stands in the place of "
                            + expectedSequence
                            + ".");
        }
        int payloadAt = index() + EntryFormat.HEADER_BYTES;
        int hashAt = payloadAt + header.payloadBytes();
        byte[] hash = Arrays.copyOfRange(window, hashAt, hashAt + EntryHash.BYTES);
        byte[] chained = EntryFormat.hash(previousHash, window, index(), header.payloadBytes());
        if (!Arrays.equals(hash, chained)) {
            return new Step.Stop("The entry's hash does not continue the chain.");
        }
        byte[] payload = Arrays.copyOfRange(window, payloadAt, hashAt);
        offset += header.entryBytes();
        return new Step.Entry(header, payload, hash);
    }

    private int index() {
        return (int) (offset - windowStart);
    }

    private boolean available(int bytes) throws IOException {
        if (offset >= windowStart && offset + bytes <= windowStart + windowBytes) {
            return true;
        }
        if (window.length < bytes) {
            window = new byte[bytes];
        }
        windowStart = offset;
        windowBytes = file.read(ByteBuffer.wrap(window), windowStart);
        return windowBytes >= bytes;
    }

    /** All bytes from the scanner's offset to the end of the file. */
    byte[] rest() throws IOException {
        byte[] bytes = new byte[(int) Math.max(0, file.bytes() - offset)];
        file.read(ByteBuffer.wrap(bytes), offset);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
