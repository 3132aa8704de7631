package dev.bastion.audit.line;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the next Escape, eight bytes at a time. */
final class EscapeSearch {

    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ESCAPES = 0x1b1b_1b1b_1b1b_1b1bL;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private EscapeSearch() {}

    /** The index of the first Escape at or behind {@code from}, else {@code end}. */
    static int next(byte[] bytes, int from, int end) {
        int i = from;
        while (i + 8 <= end) {
            long different = (long) EIGHT.get(bytes, i) ^ ESCAPES;
            long found = (different - ONES) & ~different & HIGHS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / 8;
            }
            i += 8;
        }
        while (i < end && bytes[i] != 0x1b) {
            i++;
        }
        return i;
    }
}
