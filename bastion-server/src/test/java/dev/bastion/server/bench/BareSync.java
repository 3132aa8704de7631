package dev.bastion.server.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a sync of as many bytes as a record has costs on the disk that is measured, with nothing
 * else around it. Confined to one thread; closing closes its file.
 */
final class BareSync implements AutoCloseable {

    private static final int RECORD_BYTES = 300;
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int PAUSE_MILLIS = 3;

    private final FileChannel channel;

    private BareSync(FileChannel channel) {
        this.channel = channel;
    }

    /** With a file of its own in this folder. */
    static BareSync in(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "sync", "");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(SEGMENT_BYTES));
        channel.force(true);
        return new BareSync(channel);
    }

    /** Into space that the file has already, as the ledger does; in milliseconds. */
    Samples samples(int count) throws IOException {
        Samples samples = new Samples();
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
        for (int i = 0; i < count; i++) {
            record.clear();
            long start = System.nanoTime();
            channel.write(record, (long) i * RECORD_BYTES % (SEGMENT_BYTES - RECORD_BYTES));
            channel.force(false);
            samples.addMillisSince(start);
            PtyKeys.pause(PAUSE_MILLIS);
        }
        return samples;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
