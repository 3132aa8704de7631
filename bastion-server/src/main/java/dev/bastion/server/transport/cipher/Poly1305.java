package dev.bastion.server.transport.cipher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The one-time authenticator of RFC 8439 section 2.5: the message, in blocks of 16 bytes, is a
 * polynomial at r modulo 2^130 - 5; the tag is that plus s, modulo 2^128.
 *
 * <p>Numbers are three limbs of 44, 44 and 42 bits, as in Andrew Moon's poly1305-donna-64. Where
 * that adds products of 128 bits, here both factors are shifted first, so that {@link
 * Math#multiplyHigh} gives just what is carried into the next limb, and all sums fit 64 bits. What
 * runs and what is read depends on no secret and on no byte of the message, only on its length.
 *
 * <p>For one thread. A key is for one message: {@link #init}, {@link #update} any number of times,
 * {@link #finish}.
 */
final class Poly1305 {

    static final int KEY_BYTES = 32;
    static final int TAG_BYTES = 16;

    private static final int BLOCK_BYTES = 16;
    private static final long MASK_44 = (1L << 44) - 1;
    private static final long MASK_42 = (1L << 42) - 1;

    /** The bit above a full block of 16 bytes, in the third limb. */
    private static final long FULL_BLOCK = 1L << 40;

    /** Bits that each factor is shifted by; with both, a product's bit 44 becomes bit 64. */
    private static final int SHIFT = 10;

    /** The same for the third limb, where bit 42 becomes bit 64: on the second factor only. */
    private static final int SHIFT_THIRD = SHIFT + 2;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] partial = new byte[BLOCK_BYTES];
    private int partialLength;

    private long r0;
    private long r1;
    private long r2;
    private long s0;
    private long s1;
    private long h0;
    private long h1;
    private long h2;

    /** Begins a message with the first {@link #KEY_BYTES} bytes of {@code key}: r, then s. */
    void init(byte[] key) {
        long low = (long) LONGS.get(key, 0);
        long high = (long) LONGS.get(key, 8);
        r0 = low & 0xFFC_0FFF_FFFFL;
        r1 = (low >>> 44 | high << 20) & 0xFFF_FFC0_FFFFL;
        r2 = high >>> 24 & 0x00F_FFFF_FC0FL;
        s0 = (long) LONGS.get(key, 16);
        s1 = (long) LONGS.get(key, 24);
        h0 = 0;
        h1 = 0;
        h2 = 0;
        partialLength = 0;
    }

    void update(byte[] message, int offset, int length) {
        int at = offset;
        int left = length;
        if (partialLength > 0) {
            int taken = Math.min(left, BLOCK_BYTES - partialLength);
            System.arraycopy(message, at, partial, partialLength, taken);
            partialLength += taken;
            at += taken;
            left -= taken;
            if (partialLength < BLOCK_BYTES) {
                return;
            }
            blocks(partial, 0, BLOCK_BYTES, FULL_BLOCK);
            partialLength = 0;
        }
        int whole = left & -BLOCK_BYTES;
        blocks(message, at, whole, FULL_BLOCK);
        partialLength = left - whole;
        System.arraycopy(message, at + whole, partial, 0, partialLength);
    }

    /** Writes the tag, of {@link #TAG_BYTES} bytes. */
    void finish(byte[] out, int offset) {
        if (partialLength > 0) {
            partial[partialLength] = 1;
            Arrays.fill(partial, partialLength + 1, BLOCK_BYTES, (byte) 0);
            blocks(partial, 0, BLOCK_BYTES, 0);
        }
        carry();
        carry();
        reduce();
        long low = h0 | h1 << 44;
        long high = h1 >>> 20 | h2 << 24;
        long sum = low + s0;
        long over = ((low & s0) | ((low | s0) & ~sum)) >>> 63;
        LONGS.set(out, offset, sum);
        LONGS.set(out, offset + 8, high + s1 + over);
    }

    /** h = (h + block) * r for each block. The length is a multiple of 16. */
    private void blocks(byte[] message, int offset, int length, long top) {
        long a0 = h0;
        long a1 = h1;
        long a2 = h2;
        long x0 = r0;
        long x1 = r1;
        long x2 = r2;
        // 2^132 = 4 * 2^130, and 2^130 = 5.
        long y1 = r1 * 20;
        long y2 = r2 * 20;
        long x0High = x0 << SHIFT;
        long x1High = x1 << SHIFT;
        long y1High = y1 << SHIFT;
        long y2High = y2 << SHIFT;
        long x0Third = x0 << SHIFT_THIRD;
        long x1Third = x1 << SHIFT_THIRD;
        long x2Third = x2 << SHIFT_THIRD;
        int end = offset + length;
        for (int at = offset; at < end; at += BLOCK_BYTES) {
            long low = (long) LONGS.get(message, at);
            long high = (long) LONGS.get(message, at + 8);
            a0 += low & MASK_44;
            a1 += (low >>> 44 | high << 20) & MASK_44;
            a2 += high >>> 24 | top;

            long a0High = a0 << SHIFT;
            long a1High = a1 << SHIFT;
            long a2High = a2 << SHIFT;
            long d0 = (a0 * x0 & MASK_44) + (a1 * y2 & MASK_44) + (a2 * y1 & MASK_44);
            long c0 =
                    Math.multiplyHigh(a0High, x0High)
                            + Math.multiplyHigh(a1High, y2High)
                            + Math.multiplyHigh(a2High, y1High);
            long d1 = (a0 * x1 & MASK_44) + (a1 * x0 & MASK_44) + (a2 * y2 & MASK_44);
            long c1 =
                    Math.multiplyHigh(a0High, x1High)
                            + Math.multiplyHigh(a1High, x0High)
                            + Math.multiplyHigh(a2High, y2High);
            long d2 = (a0 * x2 & MASK_42) + (a1 * x1 & MASK_42) + (a2 * x0 & MASK_42);
            long c2 =
                    Math.multiplyHigh(a0High, x2Third)
                            + Math.multiplyHigh(a1High, x1Third)
                            + Math.multiplyHigh(a2High, x0Third);

            d1 += c0 + (d0 >>> 44);
            d2 += c1 + (d1 >>> 44);
            a0 = (d0 & MASK_44) + (c2 + (d2 >>> 42)) * 5;
            a1 = (d1 & MASK_44) + (a0 >>> 44);
            a0 &= MASK_44;
            a2 = d2 & MASK_42;
        }
        h0 = a0;
        h1 = a1;
        h2 = a2;
    }

    private void carry() {
        h2 += h1 >>> 44;
        h1 &= MASK_44;
        h0 += (h2 >>> 42) * 5;
        h2 &= MASK_42;
        h1 += h0 >>> 44;
        h0 &= MASK_44;
    }

    /** Takes 2^130 - 5 away once if h is not below it; no branch. */
    private void reduce() {
        long g0 = h0 + 5;
        long g1 = h1 + (g0 >>> 44);
        long g2 = h2 + (g1 >>> 44) - (1L << 42);
        long keep = g2 >> 63;
        h0 = (h0 & keep) | (g0 & MASK_44 & ~keep);
        h1 = (h1 & keep) | (g1 & MASK_44 & ~keep);
        h2 = (h2 & keep) | (g2 & ~keep);
    }
}
