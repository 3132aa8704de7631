package dev.bastion.audit.recording;

import dev.bastion.audit.ledger.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Walks a recording by the checksums of its header and its frames, without a key: so it finds
 * damage, and not what somebody altered who made the checksums fit. For recordings whose hash the
 * ledger does not have yet. Confined to one thread.
 */
public final class FrameWalk {

    private static final int PIECE_BYTES = 64 << 10;

    private final FileSlice file;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);

    private FrameWalk(FileSlice file) {
        this.file = file;
    }

    /**
     * Which frame is damaged and where; empty when none is. What is not whole yet is none, nor is a
     * header of zeros, which a power cut leaves of what never reached the device.
     */
    public static Optional<String> damage(FileSlice file) throws IOException {
        return new FrameWalk(file).walk();
    }

    private Optional<String> walk() throws IOException {
        try {
            long at = header();
            return at < 0 ? Optional.empty() : frames(at);
        } catch (RecordingException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Where the frames begin, or -1 when the header is not whole. */
    private long header() throws IOException {
        if (file.bytes() < RecordingHeader.FIXED_BYTES) {
            return -1;
        }
        byte[] fixed = read(0, RecordingHeader.FIXED_BYTES);
        if (Arrays.equals(fixed, new byte[fixed.length])) {
            return -1;
        }
        int length = RecordingHeader.length(ByteBuffer.wrap(fixed));
        if (file.bytes() < length) {
            return -1;
        }
        var _ = RecordingHeader.decode(read(0, length));
        return length;
    }

    private Optional<String> frames(long first) throws IOException {
        long at = first;
        long frame = 0;
        try {
            while (file.bytes() - at >= FrameHeader.BYTES) {
                FrameHeader head = FrameHeader.read(read(at, FrameHeader.BYTES));
                if (head.number() != frame) {
                    throw new RecordingException("it is not the one that follows here");
                }
                if (file.bytes() - at < head.frameBytes()) {
                    break;
                }
                checkSealed(at + FrameHeader.BYTES, head.sealedBytes());
                if (head.kind() == FrameHeader.END) {
                    break;
                }
                at += head.frameBytes();
                frame++;
            }
            return Optional.empty();
        } catch (RecordingException e) {
            return Optional.of("frame %d, at byte %d: %s".formatted(frame, at, e.getMessage()));
        }
    }

    private void checkSealed(long from, int length) throws IOException {
        CRC32C crc = new CRC32C();
        for (long at = from; at < from + length; ) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, from + length - at));
            int read = file.read(piece, at);
            if (read <= 0) {
                throw new RecordingException("the file ends in the middle");
            }
            crc.update(piece.flip());
            at += read;
        }
        byte[] sum = read(from + length, FrameHeader.CHECKSUM_BYTES);
        if (ByteBuffer.wrap(sum).getInt() != (int) crc.getValue()) {
            throw new RecordingException("its checksum is wrong");
        }
    }

    private byte[] read(long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        if (file.read(ByteBuffer.wrap(bytes), at) < length) {
            throw new RecordingException("the file ends in the middle");
        }
        return bytes;
    }
}
