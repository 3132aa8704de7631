package dev.bastion.audit.ledger;

import java.util.Arrays;

/**
 * Tells a write that was torn by a stop, which was never acknowledged and may be cut, from damage
 * to entries that were, which may not.
 *
 * <p>A torn write into zeros leaves zeros: the end of the entry is missing, or a whole 512-byte
 * sector is, or what of the write lies in the sector that it begins in. And nothing of a later
 * batch can follow it, since a batch is written only after the one before was synced. Whatever does
 * not look so is damage.
 */
enum Tail {
    /** Nothing but zeros. */
    CLEAN,
    TORN,
    DAMAGED;

    private static final int SECTOR_BYTES = 512;

    /**
     * Judges the bytes from the first that are not an entry to the end of the last segment.
     *
     * @param offset of these bytes in the file
     * @param expectedSequence what should stand there if anything
     */
    static Tail judge(byte[] rest, long offset, long expectedSequence) {
        int used = rest.length;
        while (used > 0 && rest[used - 1] == 0) {
            used--;
        }
        if (used == 0) {
            return CLEAN;
        }
        if (laterBatchFollows(rest, used, expectedSequence)) {
            return DAMAGED;
        }
        EntryFormat.Header header = EntryFormat.header(rest, 0);
        int complete = header == null ? EntryFormat.HEADER_BYTES : header.entryBytes();
        int first = (int) (-offset & (SECTOR_BYTES - 1));
        return used < complete
                        || (header == null && lacksBeginning(rest, first))
                        || lacksSector(rest, used, first)
                ? TORN
                : DAMAGED;
    }

    /**
     * Whether the sector that the entry begins in was not written, which left zeros there. Of the
     * four bytes of its length one at least is not zero; of fewer all may be, and then only a
     * length that fits the checksum shows that something is missing.
     *
     * @param first bytes of the entry in that sector
     */
    private static boolean lacksBeginning(byte[] rest, int first) {
        int there = Math.min(first, rest.length);
        if (!Arrays.equals(rest, 0, there, new byte[SECTOR_BYTES], 0, there)) {
            return false;
        }
        return first >= Integer.BYTES || (first > 0 && aLengthFits(rest, first));
    }

    private static boolean aLengthFits(byte[] rest, int missing) {
        if (rest.length < EntryFormat.HEADER_BYTES) {
            return false;
        }
        byte[] header = Arrays.copyOf(rest, EntryFormat.HEADER_BYTES);
        int shift = Byte.SIZE * (Integer.BYTES - missing);
        for (int high = 1; high <= EntryFormat.MAX_PAYLOAD_BYTES >>> shift; high++) {
            for (int i = 0; i < missing; i++) {
                header[i] = (byte) (high >>> (Byte.SIZE * (missing - 1 - i)));
            }
            if (EntryFormat.header(header, 0) != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean laterBatchFollows(byte[] rest, int used, long expectedSequence) {
        for (int at = 1; at + EntryFormat.HEADER_BYTES <= used; at++) {
            // A length below 16 MiB begins with a zero byte, which no JSON holds: most are skipped.
            EntryFormat.Header header = rest[at] == 0 ? EntryFormat.header(rest, at) : null;
            if (header != null && header.batchFirst() > expectedSequence) {
                return true;
            }
        }
        return false;
    }

    private static boolean lacksSector(byte[] rest, int used, int first) {
        byte[] zeros = new byte[SECTOR_BYTES];
        for (int at = first; at + SECTOR_BYTES <= used; at += SECTOR_BYTES) {
            if (Arrays.equals(rest, at, at + SECTOR_BYTES, zeros, 0, SECTOR_BYTES)) {
                return true;
            }
        }
        return false;
    }
}
