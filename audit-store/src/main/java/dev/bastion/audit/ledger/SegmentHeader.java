package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The first 72 bytes of a segment, big-endian: magic {@code BASTLEDG} (8), version 1 (int), ordinal
 * (long), first sequence number (long), hash before it (32), made at, microseconds since 1970
 * (long), CRC32C of these 68 bytes (int). Immutable.
 *
 * @param ordinal 1 for the first segment of a ledger and one more for each
 * @param first sequence number of the first entry; the segment before ends where this one begins,
 *     whatever stands after that in it
 * @param previousHash chain hash of the entry before the first
 */
record SegmentHeader(long ordinal, long first, EntryHash previousHash, long madeMicros) {

    static final int BYTES = 72;
    private static final int VERSION = 1;
    private static final byte[] MAGIC = "BASTLEDG".getBytes(StandardCharsets.US_ASCII);

    ByteBuffer encode() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        buffer.put(MAGIC)
                .putInt(VERSION)
                .putLong(ordinal)
                .putLong(first)
                .put(previousHash.bytes())
                .putLong(madeMicros);
        buffer.putInt(EntryFormat.crc(buffer.array(), 0, BYTES - 4));
        return buffer.flip();
    }

    /**
     * @throws DamagedHeaderException with a sentence when these are not the bytes of a header
     */
    static SegmentHeader read(Path file) throws IOException, DamagedHeaderException {
        try (FileSlice slice = FileSlice.of(file)) {
            return read(slice);
        }
    }

    /** The same. */
    static SegmentHeader read(FileSlice file) throws IOException, DamagedHeaderException {
        byte[] bytes = new byte[BYTES];
        if (file.read(ByteBuffer.wrap(bytes), 0) < BYTES) {
            throw new DamagedHeaderException("The file is too short to be a segment.");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (!Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)) {
            throw new DamagedHeaderException("The file does not begin like a segment.");
        }
        if (buffer.getInt(BYTES - 4) != EntryFormat.crc(bytes, 0, BYTES - 4)) {
            throw new DamagedHeaderException("The segment's header does not fit its checksum.");
        }
        buffer.position(MAGIC.length);
        int version = buffer.getInt();
        if (version != VERSION) {
            throw new DamagedHeaderException(
                    "The segment has format version " + version + ", this program reads 1.");
        }
        long ordinal = buffer.getLong();
        long first = buffer.getLong();
        byte[] hash = new byte[EntryHash.BYTES];
        buffer.get(hash);
        return new SegmentHeader(ordinal, first, EntryHash.of(hash), buffer.getLong());
    }

    /** A segment whose header cannot be believed. */
    static final class DamagedHeaderException extends Exception {
        DamagedHeaderException(String message) {
            super(message);
        }
    }
}
