package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log in append-only files; see {@link AuditLog} for what an append promises.
 *
 * <p>Thread-safe. A record is encoded on the caller's thread; the platform thread {@code
 * ledger-writer} does all the rest. While it is open nobody else can open the folder.
 */
public final class FileLedger implements AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(FileLedger.class);

    private final SegmentFolder folder;
    private final DirectoryLock lock;
    private final RecoveryReport recovery;
    private final AppendQueue queue;
    private final LedgerWriter writer;
    private final Thread thread;
    private volatile LedgerStart start;

    private FileLedger(
            SegmentFolder folder,
            DirectoryLock lock,
            RecoveryReport recovery,
            AppendQueue queue,
            LedgerWriter writer,
            LedgerStart start) {
        this.folder = folder;
        this.lock = lock;
        this.recovery = recovery;
        this.queue = queue;
        this.writer = writer;
        this.start = start;
        this.thread = Thread.ofPlatform().name("ledger-writer").unstarted(writer);
    }

    /**
     * Opens the ledger in a folder, which is made when it is not there, and checks every entry.
     *
     * @throws AuditLogException with a sentence when it is in use, damaged, or cannot be read
     */
    public static FileLedger open(Path directory, InstantSource clock, LedgerOptions options) {
        return open(directory, clock, options, LedgerStart.BEGINNING);
    }

    /** Opens one of which retention has removed the beginning. */
    public static FileLedger open(
            Path directory, InstantSource clock, LedgerOptions options, LedgerStart start) {
        return open(directory, clock, options, start, new DeviceSegmentFiles());
    }

    static FileLedger open(
            Path directory, InstantSource clock, LedgerOptions options, SegmentFiles files) {
        return open(directory, clock, options, LedgerStart.BEGINNING, files);
    }

    private static FileLedger open(
            Path directory,
            InstantSource clock,
            LedgerOptions options,
            LedgerStart start,
            SegmentFiles files) {
        var folder = new SegmentFolder(directory);
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            if (!Files.isWritable(directory)) {
                throw new AuditLogException(
                        "The ledger's folder " + directory + " cannot be written.");
            }
            DirectoryLock lock = DirectoryLock.take(folder);
            try {
                Recovery.Recovered recovered = Recovery.recover(folder, files, start);
                var queue =
                        new AppendQueue(
                                options.queueEntries(), options.queueBytes(), AppendQueue.GATHER);
                var appender =
                        new SegmentAppender(folder, files, options.segmentBytes(), recovered.end());
                var writer =
                        new LedgerWriter(
                                queue, appender, recovered.end().position(), clock, options);
                var ledger = new FileLedger(folder, lock, recovered.report(), queue, writer, start);
                ledger.thread.start();
                return ledger;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new AuditLogException(
                    "The ledger at " + directory + " cannot be opened: " + reason(e), e);
        }
    }

    /** In words: some failures of a file system carry nothing but the file's name. */
    private static String reason(IOException failure) {
        return failure instanceof AccessDeniedException denied
                ? denied.getFile() + " may not be used by this login"
                : String.valueOf(failure.getMessage());
    }

    @Override
    public CompletableFuture<SequenceNumber> append(AuditRecord record) {
        return appendAll(List.of(record));
    }

    @Override
    public CompletableFuture<SequenceNumber> appendAll(List<? extends AuditRecord> records) {
        return append(records, false);
    }

    @Override
    public CompletableFuture<SequenceNumber> appendSoon(List<? extends AuditRecord> records) {
        return append(records, true);
    }

    @Override
    public void hurry() {
        queue.hurry();
    }

    private CompletableFuture<SequenceNumber> append(
            List<? extends AuditRecord> records, boolean soon) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("records must not be empty");
        }
        List<byte[]> payloads = new ArrayList<>(records.size());
        for (AuditRecord record : records) {
            byte[] payload = RecordEncoder.encode(record);
            if (payload.length > EntryFormat.MAX_PAYLOAD_BYTES) {
                return refused(
                        "The record is longer than " + EntryFormat.MAX_PAYLOAD_BYTES + " bytes.");
            }
            payloads.add(payload);
        }
        PendingAppend append = PendingAppend.of(payloads, soon);
        return switch (queue.offer(append)) {
            case TAKEN -> append.future();
            case FULL -> refused("The ledger's queue is full.");
            case CLOSED -> refused("The ledger is closed.");
        };
    }

    private static CompletableFuture<SequenceNumber> refused(String reason) {
        return CompletableFuture.failedFuture(new AuditLogException(reason));
    }

    @Override
    public AuditLogState state() {
        return writer.state();
    }

    @Override
    public AutoCloseable onStateChange(Consumer<AuditLogState> listener) {
        return writer.stateListeners().add(listener);
    }

    /**
     * Calls back after each sync with how far the ledger goes now, on the writer's thread, never
     * blocking.
     *
     * @return closes the subscription
     */
    public AutoCloseable onCommitted(Consumer<LedgerPosition> listener) {
        return writer.commitListeners().add(listener);
    }

    /** How far the ledger goes: everything up to here is synced and can be read. */
    public LedgerPosition committed() {
        return writer.committed();
    }

    /** What opening it found. */
    public RecoveryReport recovery() {
        return recovery;
    }

    /** Entries that wait for their sync. */
    public int queued() {
        return queue.entries();
    }

    /** Reads from this entry on, as far as the ledger goes at each moment. */
    public LedgerReader read(SequenceNumber from) {
        return LedgerReader.following(
                folder.path(), start, from, () -> writer.committed().sequence());
    }

    /** What was removed of it. */
    public LedgerStart start() {
        return start;
    }

    /**
     * Deletes the segments before a new start, the oldest first. What is left is a ledger only for
     * whoever knows the start: that is made durable before.
     *
     * @throws IllegalArgumentException when the segment that is written would be deleted
     */
    public void remove(LedgerStart before) throws IOException {
        if (before.position().sequence() >= committed().sequence()
                || !folder.has(before.segments() + 1)) {
            throw new IllegalArgumentException("before would leave nothing, was " + before);
        }
        start = before;
        folder.deleteUpTo(before.segments());
    }

    @Override
    public void close() {
        queue.close();
        if (!Thread.currentThread().equals(thread)) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The ledger's lock could not be given back.", e);
        }
    }
}
