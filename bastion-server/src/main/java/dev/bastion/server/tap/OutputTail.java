package dev.bastion.server.tap;

/**
 * The last bytes that the host sent, to tell whether a sentence may stand behind them. Looked at
 * only when one waits, so that output pays a copy of at most {@link #SIZE} bytes a chunk. Confined
 * to its tap's lock.
 */
final class OutputTail {

    /**
     * A sequence that is longer and not ended is taken for text: only a title or an image can be.
     */
    static final int SIZE = 1024;

    private final byte[] ring = new byte[SIZE];
    private long total;

    void add(byte[] bytes, int offset, int length) {
        int kept = Math.min(length, SIZE);
        int from = offset + length - kept;
        total += length;
        int at = (int) ((total - kept) % SIZE);
        int first = Math.min(kept, SIZE - at);
        System.arraycopy(bytes, from, ring, at, first);
        System.arraycopy(bytes, from + first, ring, 0, kept - first);
    }

    /** Whether the last byte ends a character and is not in the middle of an escape sequence. */
    boolean isBetween() {
        OutputScanner scanner = new OutputScanner();
        int size = (int) Math.min(total, SIZE);
        for (long i = total - size; i < total; i++) {
            scanner.next(ring[(int) (i % SIZE)]);
        }
        return scanner.isBetween();
    }
}
