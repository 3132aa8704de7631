package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Real files whose syncs are counted, can be held, and which can fail. Thread-safe. */
final class FaultySegmentFiles implements SegmentFiles {

    enum Fault {
        NONE,
        /** As when the disk is full: nothing can be made, and half of a write is done. */
        DISK_FULL,
        /** No segment can be made; what there is can be written. */
        CREATION_FAILS,
        /** All is written, and the sync says that the device failed. */
        SYNC_FAILS
    }

    private static final int MANY = 1 << 20;

    private final SegmentFiles device = new DeviceSegmentFiles();
    private final Semaphore syncs = new Semaphore(MANY);
    final AtomicInteger forces = new AtomicInteger();
    final List<String> creators = new CopyOnWriteArrayList<>();
    final AtomicInteger refused = new AtomicInteger();
    volatile Fault fault = Fault.NONE;

    void holdSyncs() {
        syncs.drainPermits();
    }

    void releaseSyncs() {
        syncs.release(MANY);
    }

    boolean writerWaitsInSync() {
        return syncs.hasQueuedThreads();
    }

    @Override
    public SegmentFile create(Path path, long sizeBytes) throws IOException {
        if (fault == Fault.DISK_FULL || fault == Fault.CREATION_FAILS) {
            refused.incrementAndGet();
            throw new IOException("No space left on device");
        }
        creators.add(Thread.currentThread().getName());
        return new Faulty(device.create(path, sizeBytes));
    }

    @Override
    public SegmentFile open(Path path) throws IOException {
        return new Faulty(device.open(path));
    }

    @Override
    public void publish(Path temporary, Path name) throws IOException {
        device.publish(temporary, name);
    }

    private final class Faulty implements SegmentFile {

        private final SegmentFile file;

        Faulty(SegmentFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            if (fault == Fault.DISK_FULL) {
                ByteBuffer half = bytes.duplicate();
                half.limit(half.position() + half.remaining() / 2);
                file.write(half, offset);
                throw new IOException("No space left on device");
            }
            file.write(bytes, offset);
        }

        @Override
        public void force() throws IOException {
            syncs.acquireUninterruptibly();
            try {
                forces.incrementAndGet();
                if (fault == Fault.SYNC_FAILS) {
                    throw new IOException("Input/output error");
                }
                file.force();
            } finally {
                syncs.release();
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    static LedgerOptions smallOptions(@Nullable Integer queueEntries) {
        return new LedgerOptions(
                16 << 10,
                queueEntries == null ? 10_000 : queueEntries,
                64 << 20,
                java.time.Duration.ofMillis(20),
                java.time.Duration.ofMillis(100));
    }
}
