package dev.bastion.server.tap.sftp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a stream, as it comes in chunks, into packets: the head of each, which is looked at, and the
 * body, which only passes. A head that lies in one chunk is read where it is; one that is cut is
 * kept until it is whole. Nothing else is kept, so memory is bounded by the longest head.
 *
 * <p>After {@link #next} its other methods tell of the part that was found. Confined to its tap's
 * lock.
 */
final class PacketReader {

    /** The longest packet without file data, as OpenSSH has it. */
    static final int PACKET_LIMIT_BYTES = 256 << 10;

    /** The longest handle (draft-ietf-secsh-filexfer-02 section 6.2). */
    static final int HANDLE_LIMIT_BYTES = 256;

    /** Length and type, with which every packet begins. */
    static final int START_BYTES = Integer.BYTES + 1;

    private static final int KEPT_AT_FIRST_BYTES = 512;

    /** What was found. */
    enum Part {
        HEAD,
        BODY,
        /** The chunk is read up. */
        NONE
    }

    /** Which packets a direction has, and how much of each is its head. */
    interface Shape {

        /**
         * How long the head of a packet is, as far as can be said by now.
         *
         * @param length of the packet, without the length itself
         * @param start the packet from its length on, as far as it is known; at least {@link
         *     #START_BYTES}
         * @return bytes of the head from the length on
         */
        int headBytes(int type, int length, ByteBuffer start) throws MalformedPacketException;
    }

    private final Shape shape;
    private byte[] chunk = new byte[0];
    private int position;
    private int end;
    private byte[] kept = new byte[KEPT_AT_FIRST_BYTES];
    private int keptBytes;
    private int bodyLeft;
    private int partStart;
    private ByteBuffer head = ByteBuffer.allocate(0);
    private int keptBefore;

    PacketReader(Shape shape) {
        this.shape = shape;
    }

    /** Goes on with these bytes; the chunk before has been read up. */
    void read(byte[] bytes, int offset, int length) {
        chunk = bytes;
        position = offset;
        end = offset + length;
    }

    /** Finds the next part. */
    Part next() throws MalformedPacketException {
        partStart = position;
        if (position == end) {
            return Part.NONE;
        }
        if (bodyLeft > 0) {
            int length = Math.min(bodyLeft, end - position);
            position += length;
            bodyLeft -= length;
            return Part.BODY;
        }
        return keptBytes == 0 ? headInPlace() : headGathered();
    }

    private Part headInPlace() throws MalformedPacketException {
        int available = end - position;
        int needed = headBytes(ByteBuffer.wrap(chunk, position, available).slice());
        if (needed <= available) {
            keptBefore = 0;
            found(ByteBuffer.wrap(chunk, position, needed).slice());
            position += needed;
            return Part.HEAD;
        }
        keep(available);
        return Part.NONE;
    }

    private Part headGathered() throws MalformedPacketException {
        keptBefore = keptBytes;
        while (true) {
            int needed = headBytes(ByteBuffer.wrap(kept, 0, keptBytes).slice());
            if (needed <= keptBytes) {
                found(ByteBuffer.wrap(kept, 0, keptBytes).slice());
                keptBytes = 0;
                return Part.HEAD;
            }
            if (position == end) {
                return Part.NONE;
            }
            keep(Math.min(needed - keptBytes, end - position));
        }
    }

    private void found(ByteBuffer whole) {
        head = whole;
        bodyLeft = Integer.BYTES + whole.getInt(0) - whole.limit();
    }

    private void keep(int length) {
        if (keptBytes == 0 && kept.length > KEPT_AT_FIRST_BYTES && length < KEPT_AT_FIRST_BYTES) {
            kept = new byte[KEPT_AT_FIRST_BYTES];
        }
        if (keptBytes + length > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(2 * kept.length, keptBytes + length));
        }
        System.arraycopy(chunk, position, kept, keptBytes, length);
        keptBytes += length;
        position += length;
    }

    private int headBytes(ByteBuffer start) throws MalformedPacketException {
        if (start.limit() < START_BYTES) {
            return START_BYTES;
        }
        int length = start.getInt(0);
        int type = start.get(Integer.BYTES) & 0xff;
        boolean bulk = type == PacketType.WRITE || type == PacketType.DATA;
        if (length < 1 || (length > PACKET_LIMIT_BYTES && !bulk)) {
            throw new MalformedPacketException(
                    "a packet of " + Integer.toUnsignedString(length) + " bytes");
        }
        int needed = shape.headBytes(type, length, start);
        if (needed > Integer.BYTES + length) {
            throw new MalformedPacketException(
                    "a packet of type " + type + " that is shorter than its fields");
        }
        return needed;
    }

    /**
     * The head from its length on; after {@link Part#HEAD}, until the next call of {@link #next}.
     */
    ByteBuffer head() {
        return head;
    }

    int type() {
        return head.get(Integer.BYTES) & 0xff;
    }

    /** Where in the chunk the part begins. */
    int partStart() {
        return partStart;
    }

    /** Where in the chunk the part ends. */
    int partEnd() {
        return position;
    }

    /** How many bytes of a head came in chunks before; they are its first. */
    int keptBefore() {
        return keptBefore;
    }

    /** Whether the next byte begins a packet. */
    boolean atBoundary() {
        return bodyLeft == 0 && keptBytes == 0;
    }

    /** The bytes of the current packet's body that are still to come. */
    int bodyLeft() {
        return bodyLeft;
    }
}
