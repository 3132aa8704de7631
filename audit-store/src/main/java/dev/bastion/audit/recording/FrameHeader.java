package dev.bastion.audit.recording;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * How a frame begins, and the sizes of its parts. Immutable.
 *
 * @param sealedBytes ciphertext and tag
 * @param number of the frame in its file, from 0
 * @param micros of its first event, since the session's start
 * @param firstEvent its number in the file, from 0
 * @param columns of the terminal at its beginning, as {@code rows}; 0 is unknown
 * @param plainBytes of the content before it was compressed
 */
record FrameHeader(
        int sealedBytes,
        byte kind,
        long number,
        long micros,
        long firstEvent,
        int columns,
        int rows,
        int plainBytes) {

    static final byte EVENTS = 1;
    static final byte END = 2;

    static final int BYTES = 44;

    /** What is associated with the sealed bytes: all but the checksum. */
    static final int CHECKED_BYTES = 40;

    /** Behind the sealed bytes. */
    static final int CHECKSUM_BYTES = 4;

    /** Behind the end frame: its offset and a checksum. */
    static final int TRAILER_BYTES = 12;

    static final int TAG_BYTES = 16;
    static final int LONGEST_PLAIN = 1 << 20;
    static final int LONGEST_SEALED = LONGEST_PLAIN + (1 << 16);

    /** Frame and its checksum. */
    int frameBytes() {
        return BYTES + sealedBytes + CHECKSUM_BYTES;
    }

    void writeTo(byte[] bytes) {
        ByteBuffer.wrap(bytes)
                .putInt(sealedBytes)
                .put(kind)
                .put(new byte[3])
                .putLong(number)
                .putLong(micros)
                .putLong(firstEvent)
                .putShort((short) columns)
                .putShort((short) rows)
                .putInt(plainBytes)
                .putInt(checksum(bytes, 0, CHECKED_BYTES));
    }

    /**
     * Reads one.
     *
     * @throws RecordingException when the bytes are none
     */
    static FrameHeader read(byte[] bytes) throws RecordingException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        FrameHeader header =
                new FrameHeader(
                        from.getInt(0),
                        from.get(4),
                        from.getLong(8),
                        from.getLong(16),
                        from.getLong(24),
                        Short.toUnsignedInt(from.getShort(32)),
                        Short.toUnsignedInt(from.getShort(34)),
                        from.getInt(36));
        boolean sound =
                from.getInt(CHECKED_BYTES) == checksum(bytes, 0, CHECKED_BYTES)
                        && header.sealedBytes > TAG_BYTES
                        && header.sealedBytes <= LONGEST_SEALED
                        && (header.kind == EVENTS || header.kind == END)
                        && header.micros >= 0
                        && header.plainBytes >= 0
                        && header.plainBytes <= LONGEST_PLAIN;
        if (!sound) {
            throw new RecordingException("its head is damaged");
        }
        return header;
    }

    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
