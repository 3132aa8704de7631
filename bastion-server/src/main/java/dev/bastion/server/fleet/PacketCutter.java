package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.MalformedPacketException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a stream, as it comes in chunks, into whole packets. Keeps what has not been taken; its user
 * bounds that. Confined to one thread.
 */
final class PacketCutter {

    /** The longest packet, as OpenSSH has it. */
    static final int PACKET_LIMIT_BYTES = 256 << 10;

    private static final int AT_FIRST_BYTES = 4096;

    private byte[] kept = new byte[AT_FIRST_BYTES];
    private int start;
    private int end;

    void add(byte[] chunk) {
        int length = end - start;
        if (end + chunk.length > kept.length) {
            byte[] from = kept;
            if (length + chunk.length > kept.length) {
                kept = new byte[Math.max(2 * kept.length, length + chunk.length)];
            }
            System.arraycopy(from, start, kept, 0, length);
            start = 0;
            end = length;
        }
        System.arraycopy(chunk, 0, kept, end, chunk.length);
        end += chunk.length;
    }

    /**
     * Whether a packet is whole.
     *
     * @throws MalformedPacketException when what comes next can be none
     */
    boolean hasNext() throws MalformedPacketException {
        if (end - start < Integer.BYTES) {
            return false;
        }
        int length = ByteBuffer.wrap(kept).getInt(start);
        if (length < 1 + Integer.BYTES || length > PACKET_LIMIT_BYTES) {
            throw new MalformedPacketException(
                    "a packet of " + Integer.toUnsignedString(length) + " bytes");
        }
        return end - start - Integer.BYTES >= length;
    }

    /** Takes the packet that {@link #hasNext} told of, from its length on. */
    byte[] next() {
        int length = Integer.BYTES + ByteBuffer.wrap(kept).getInt(start);
        byte[] packet = Arrays.copyOfRange(kept, start, start + length);
        start += length;
        if (start == end) {
            start = 0;
            end = 0;
            if (kept.length > PACKET_LIMIT_BYTES) {
                kept = new byte[AT_FIRST_BYTES];
            }
        }
        return packet;
    }
}
