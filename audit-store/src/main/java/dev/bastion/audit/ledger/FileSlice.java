package dev.bastion.audit.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file, or the part of one that a file in an archive is. Reads only; closes what it opened.
 *
 * @param start of the first byte in the file
 * @param bytes how many there are
 */
public record FileSlice(FileChannel channel, long start, long bytes) implements Closeable {

    /** The whole of a file, as long as it is now. */
    public static FileSlice of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new FileSlice(channel, 0, channel.size());
    }

    /** A part of a file. */
    public static FileSlice of(Path file, long start, long bytes) throws IOException {
        return new FileSlice(FileChannel.open(file, StandardOpenOption.READ), start, bytes);
    }

    /**
     * Reads what there is from an offset on until the buffer is full.
     *
     * @return how many bytes; fewer than asked for only at the end
     */
    public int read(ByteBuffer to, long offset) throws IOException {
        int limit = to.limit();
        long left = Math.max(0, bytes - offset);
        if (left < to.remaining()) {
            to.limit(to.position() + (int) left);
        }
        int read = 0;
        while (to.hasRemaining()) {
            int count = channel.read(to, start + offset + read);
            if (count < 0) {
                break;
            }
            read += count;
        }
        to.limit(limit);
        return read;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
