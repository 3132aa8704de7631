package dev.bastion.audit.ledger;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A device whose power is cut in the middle of an operation. What is on it then goes to another
 * folder: everything that was synced, and of each write that was not, any of its sectors of 512
 * bytes. After the cut every operation fails. Thread-safe.
 */
final class PowerCutSegmentFiles implements SegmentFiles {

    private static final int SECTOR_BYTES = 512;

    private record Unsynced(int offset, ByteBuffer bytes) {}

    /** What of a file is on the device for certain, and what may be. */
    private static final class Image {
        private final byte[] synced;
        private final List<Unsynced> unsynced = new ArrayList<>();

        Image(byte[] synced) {
            this.synced = synced;
        }

        void sync() {
            unsynced.forEach(write -> put(write, 0, write.bytes().remaining()));
            unsynced.clear();
        }

        private void put(Unsynced write, int from, int to) {
            write.bytes()
                    .get(write.bytes().position() + from, synced, write.offset() + from, to - from);
        }

        byte[] afterPowerCut(Random random) {
            for (Unsynced write : unsynced) {
                int bytes = write.bytes().remaining();
                int from = 0;
                while (from < bytes) {
                    int inSector = (write.offset() + from) % SECTOR_BYTES;
                    int to = Math.min(bytes, from + SECTOR_BYTES - inSector);
                    if (random.nextBoolean()) {
                        put(write, from, to);
                    }
                    from = to;
                }
            }
            return synced;
        }
    }

    private final SegmentFiles device = new DeviceSegmentFiles();
    private final Path folder;
    private final Path after;

    @GuardedBy("this")
    private final Map<Path, Image> images = new HashMap<>();

    @GuardedBy("this")
    private final Random random;

    @GuardedBy("this")
    private int operationsLeft;

    private volatile boolean cut;

    /**
     * Makes a device that works until its last operation.
     *
     * @param folder that the ledger is in
     * @param after where what is left of it goes
     */
    PowerCutSegmentFiles(Path folder, Path after, Random random, int operations) {
        this.folder = folder;
        this.after = after;
        this.random = random;
        this.operationsLeft = operations;
    }

    boolean isCut() {
        return cut;
    }

    @GuardedBy("this")
    private void operation() throws IOException {
        if (cut) {
            throw new IOException("There is no power.");
        }
        operationsLeft--;
        if (operationsLeft == 0) {
            saveWhatIsLeft();
            cut = true;
            throw new IOException("The power was cut.");
        }
    }

    @GuardedBy("this")
    private void saveWhatIsLeft() throws IOException {
        Files.createDirectory(after);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(name -> name.toString().contains(".segment")).toList()) {
                Image image = images.get(file);
                Files.write(
                        after.resolve(folder.relativize(file)),
                        image == null ? Files.readAllBytes(file) : image.afterPowerCut(random));
            }
        }
    }

    @Override
    public synchronized SegmentFile create(Path path, long sizeBytes) throws IOException {
        operation();
        SegmentFile file = device.create(path, sizeBytes);
        return watched(path, file, new Image(new byte[(int) sizeBytes]));
    }

    @Override
    public synchronized SegmentFile open(Path path) throws IOException {
        operation();
        return watched(path, device.open(path), new Image(Files.readAllBytes(path)));
    }

    @GuardedBy("this")
    private SegmentFile watched(Path path, SegmentFile file, Image image) {
        images.put(path, image);
        return new Watched(file, image);
    }

    @Override
    public synchronized void publish(Path temporary, Path name) throws IOException {
        if (random.nextBoolean()) {
            operation();
            rename(temporary, name);
        } else {
            // The cut may come between the renaming and the sync of the folder.
            rename(temporary, name);
            operation();
        }
    }

    @GuardedBy("this")
    private void rename(Path temporary, Path name) throws IOException {
        if (cut) {
            throw new IOException("There is no power.");
        }
        device.publish(temporary, name);
        Image image = images.remove(temporary);
        if (image != null) {
            images.put(name, image);
        }
    }

    private final class Watched implements SegmentFile {

        private final SegmentFile file;
        private final Image image;

        Watched(SegmentFile file, Image image) {
            this.file = file;
            this.image = image;
        }

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            synchronized (PowerCutSegmentFiles.this) {
                ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
                copy.put(bytes.duplicate()).flip();
                if (!cut) {
                    image.unsynced.add(new Unsynced((int) offset, copy));
                }
                operation();
                file.write(bytes, offset);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (PowerCutSegmentFiles.this) {
                operation();
                image.sync();
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
