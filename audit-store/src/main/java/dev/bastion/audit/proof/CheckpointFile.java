package dev.bastion.audit.proof;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Adds each checkpoint to a file, which is opened anew for each, for appending only: it may be
 * moved away, be on another machine's disk, or have been made append-only ({@code chattr +a}).
 */
public record CheckpointFile(Path path) implements CheckpointSink {

    @Override
    public void take(Checkpoint checkpoint) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(Digests.utf8(checkpoint.note() + "\n"));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
