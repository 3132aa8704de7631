package dev.bastion.audit.recording;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Unsigned LEB128: seven bits a byte, the lowest first. */
final class Varint {

    /** Of a long. */
    static final int LONGEST_BYTES = 10;

    private Varint() {}

    static void write(ByteArrayOutputStream to, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    /** Writes behind {@code at}; returns the place behind it. */
    static int write(byte[] to, int at, long value) {
        int place = at;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to[place++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        to[place++] = (byte) rest;
        return place;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is longer than a long, negative or not whole
     */
    static long read(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            if (!from.hasRemaining()) {
                break;
            }
            byte next = from.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number in the recording is not whole");
    }
}
