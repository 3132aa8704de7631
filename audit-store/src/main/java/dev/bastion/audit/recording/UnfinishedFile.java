package dev.bastion.audit.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A recording as it was found. Needs no key. Immutable.
 *
 * @param complete whether its end is there
 */
record UnfinishedFile(RecordingHeader header, long bytes, String hash, boolean complete) {

    private static final int PIECE_BYTES = 64 << 10;

    /** Reads all of it, and syncs it, since it may not be on the device. */
    static UnfinishedFile read(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.force(true);
            RecordingHeader header = RecordingHeader.decode(headerBytes(channel));
            MessageDigest hash = RecordingFile.sha256();
            long size = 0;
            try (InputStream in = Files.newInputStream(file)) {
                byte[] piece = new byte[PIECE_BYTES];
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    hash.update(piece, 0, n);
                    size += n;
                }
            }
            return new UnfinishedFile(
                    header, size, HexFormat.of().formatHex(hash.digest()), endOf(channel) >= 0);
        }
    }

    static byte[] headerBytes(FileChannel channel) throws IOException {
        ByteBuffer fixed = ByteBuffer.wrap(read(channel, 0, RecordingHeader.FIXED_BYTES));
        return read(channel, 0, RecordingHeader.length(fixed));
    }

    /** The offset of the end frame, by its trailer; -1 when there is none. */
    static long endOf(FileChannel channel) throws IOException {
        long trailer = channel.size() - FrameHeader.TRAILER_BYTES;
        if (trailer < RecordingHeader.FIXED_BYTES) {
            return -1;
        }
        byte[] bytes = read(channel, trailer, FrameHeader.TRAILER_BYTES);
        long offset = ByteBuffer.wrap(bytes).getLong();
        int checksum = ByteBuffer.wrap(bytes).getInt(Long.BYTES);
        if (checksum != FrameHeader.checksum(bytes, 0, Long.BYTES)
                || offset < RecordingHeader.FIXED_BYTES
                || offset > trailer - FrameHeader.BYTES) {
            return -1;
        }
        try {
            FrameHeader end = FrameHeader.read(read(channel, offset, FrameHeader.BYTES));
            boolean last = offset + end.frameBytes() == trailer;
            return end.kind() == FrameHeader.END && last ? offset : -1;
        } catch (RecordingException e) {
            return -1;
        }
    }

    /** So many bytes. */
    static byte[] read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new RecordingException("the file ends in the middle");
            }
        }
        return bytes.array();
    }
}
