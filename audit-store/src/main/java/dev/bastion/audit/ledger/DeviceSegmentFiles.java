package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Segments on the real file system, readable by their owner only. */
final class DeviceSegmentFiles implements SegmentFiles {

    private static final int ZEROS_BYTES = 1 << 20;

    @Override
    public SegmentFile create(Path path, long sizeBytes) throws IOException {
        Files.deleteIfExists(path);
        FileChannel channel =
                FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
            for (long at = 0; at < sizeBytes; at += zeros.limit()) {
                zeros.clear().limit((int) Math.min(ZEROS_BYTES, sizeBytes - at));
                writeAll(channel, zeros, at);
                // One sync at the end would keep the device from the appends for much longer.
                channel.force(false);
            }
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(path);
            throw e;
        }
        return new DeviceSegmentFile(channel);
    }

    @Override
    public SegmentFile open(Path path) throws IOException {
        return new DeviceSegmentFile(FileChannel.open(path, StandardOpenOption.WRITE));
    }

    @Override
    public void publish(Path temporary, Path name) throws IOException {
        Files.move(
                temporary,
                name,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        Path folder = name.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("A segment cannot be the root of the file system.");
        }
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long offset)
            throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private record DeviceSegmentFile(FileChannel channel) implements SegmentFile {

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            writeAll(channel, bytes, offset);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
