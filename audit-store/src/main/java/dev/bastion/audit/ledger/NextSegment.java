package dev.bastion.audit.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of the segment that comes next, made ahead on the thread {@code ledger-next-segment}:
 * filling it takes longer than many syncs, and appends would wait. Its methods are for the writer's
 * thread only.
 */
final class NextSegment implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(NextSegment.class);

    private final Path path;
    private final SegmentFiles files;
    private final long usualBytes;
    private @Nullable CompletableFuture<SegmentFile> ahead;

    NextSegment(Path path, SegmentFiles files, long usualBytes) {
        this.path = path;
        this.files = files;
        this.usualBytes = usualBytes;
    }

    /** Begins to make one of the usual size, unless that was done since the last was taken. */
    void prepare() {
        if (ahead != null) {
            return;
        }
        var made = new CompletableFuture<SegmentFile>();
        ahead = made;
        Thread.ofPlatform()
                .name("ledger-next-segment")
                .start(() -> {
                    try {
                        made.complete(files.create(path, usualBytes));
                    } catch (IOException | RuntimeException | Error e) {
                        made.completeExceptionally(e);
                    }
                });
    }

    /**
     * A file of this size with zeros, synced, under the name of an unfinished segment. Waits for
     * the one that is being made; makes one itself when none is, or when that failed or is of
     * another size.
     *
     * @throws IOException when it cannot be made now
     */
    SegmentFile take(long sizeBytes) throws IOException {
        SegmentFile made = made();
        if (made != null) {
            if (sizeBytes == usualBytes) {
                return made;
            }
            made.close();
        }
        return files.create(path, sizeBytes);
    }

    private @Nullable SegmentFile made() {
        CompletableFuture<SegmentFile> making = ahead;
        ahead = null;
        if (making == null) {
            return null;
        }
        try {
            return making.join();
        } catch (CompletionException e) {
            LOG.warn("The ledger's next segment could not be made ahead.", e.getCause());
            return null;
        }
    }

    /** Deletes what was made and not taken. Idempotent. */
    @Override
    public void close() {
        SegmentFile made = made();
        if (made == null) {
            return;
        }
        try (made) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("A segment that was made ahead could not be deleted.", e);
        }
    }
}
