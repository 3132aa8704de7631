package dev.bastion.audit.ledger;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one entry, big-endian:
 *
 * <pre>
 *  0  int   length of the payload, at least 1
 *  4  long  sequence number
 * 12  int   place within its batch: 0 for the first entry of the write and sync it belongs to
 * 16  long  when it was written, microseconds since 1970
 * 24  int   CRC32C of bytes 0–23
 * 28  …     payload
 *  …  32    chain hash: SHA-256(hash before, bytes 0–23, payload)
 *  …  int   CRC32C of everything from byte 0 to the chain hash
 * </pre>
 */
final class EntryFormat {

    static final int FIXED_BYTES = 24;
    static final int HEADER_BYTES = FIXED_BYTES + 4;
    static final int TRAILER_BYTES = EntryHash.BYTES + 4;

    /** 8 MiB: longer records are refused, and a longer length is not believed. */
    static final int MAX_PAYLOAD_BYTES = 8 << 20;

    private EntryFormat() {}

    /** What stands before the payload; checked by its own CRC. */
    record Header(int payloadBytes, long sequence, int placeInBatch, long writtenMicros) {

        int entryBytes() {
            return size(payloadBytes);
        }

        long batchFirst() {
            return sequence - placeInBatch;
        }
    }

    static int size(int payloadBytes) {
        return HEADER_BYTES + payloadBytes + TRAILER_BYTES;
    }

    /**
     * Puts an entry at the buffer's position.
     *
     * @param buffer backed by an array, with room for the entry
     * @return its chain hash
     */
    static byte[] put(ByteBuffer buffer, Header header, byte[] payload, byte[] previousHash) {
        byte[] bytes = buffer.array();
        int start = buffer.arrayOffset() + buffer.position();
        buffer.putInt(header.payloadBytes())
                .putLong(header.sequence())
                .putInt(header.placeInBatch())
                .putLong(header.writtenMicros());
        buffer.putInt(crc(bytes, start, FIXED_BYTES)).put(payload);
        byte[] hash = hash(previousHash, bytes, start, payload.length);
        buffer.put(hash);
        buffer.putInt(crc(bytes, start, buffer.arrayOffset() + buffer.position() - start));
        return hash;
    }

    /** The header at an index of these bytes, or null when its checksum or its length is wrong. */
    static @Nullable Header header(byte[] bytes, int at) {
        if (at + HEADER_BYTES > bytes.length) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, at, HEADER_BYTES);
        var header =
                new Header(buffer.getInt(), buffer.getLong(), buffer.getInt(), buffer.getLong());
        if (header.payloadBytes() < 1
                || header.payloadBytes() > MAX_PAYLOAD_BYTES
                || buffer.getInt() != crc(bytes, at, FIXED_BYTES)) {
            return null;
        }
        return header;
    }

    static boolean checksumFits(byte[] bytes, int at, int entryBytes) {
        int end = at + entryBytes - 4;
        return ByteBuffer.wrap(bytes, end, 4).getInt() == crc(bytes, at, entryBytes - 4);
    }

    static byte[] hash(byte[] previousHash, byte[] bytes, int at, int payloadBytes) {
        MessageDigest sha = sha256();
        sha.update(previousHash);
        sha.update(bytes, at, FIXED_BYTES);
        sha.update(bytes, at + HEADER_BYTES, payloadBytes);
        return sha.digest();
    }

    static int crc(byte[] bytes, int at, int length) {
        var crc = new CRC32C();
        crc.update(bytes, at, length);
        return (int) crc.getValue();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
