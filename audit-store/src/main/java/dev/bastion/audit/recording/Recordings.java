package dev.bastion.audit.recording;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of recordings, and the few threads that write those of the sessions under way.
 *
 * <p><b>Durability.</b> A frame is written when a session has 64 KiB, at the latest a second after
 * its first event, and not synced; at a session's end the file is synced, and its hash is in the
 * ledger. While something cannot be written {@link #state()} says so, nothing new begins, and it is
 * tried again each second. Thread-safe.
 */
public final class Recordings implements AutoCloseable {

    /** Behind the session's id, the name of a recording's file. */
    public static final String SUFFIX = ".recording";

    private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);

    /** How long what was shown may stay unwritten. */
    static final long FLUSH_MILLIS = 1_000;

    private static final long RETRY_MILLIS = 1_000;
    private static final long CLOSE_SECONDS = 5;

    private final RecordingFolder folder;
    private final RecordingKeys keys;
    private final AuditLog log;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledThreadPoolExecutor writers =
            new ScheduledThreadPoolExecutor(
                    Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4),
                    Thread.ofPlatform().daemon().name("recording-", 1).factory());
    private final Queue<FrameSealer> sealers = new ConcurrentLinkedQueue<>();
    private final Map<SessionId, Recording> live = new ConcurrentHashMap<>();
    private final List<Consumer<RecordingsState>> listeners = new CopyOnWriteArrayList<>();
    private final Object stateLock = new Object();

    @GuardedBy("stateLock")
    private final Set<Recording> failing = ConcurrentHashMap.newKeySet();

    private volatile RecordingsState state = new RecordingsState.Writable();

    /**
     * @param folder made when it is first needed
     * @param log gets the hashes
     */
    public Recordings(Path folder, RecordingKeys keys, AuditLog log, InstantSource clock) {
        this.folder = new RecordingFolder(folder);
        this.keys = keys;
        this.log = log;
        this.clock = clock;
        writers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Begins a recording: its file and header are written when this returns. Blocks on the disk.
     *
     * @throws RecordingException when nothing can be written
     */
    public Recording begin(RecordingHeader.Subject subject, Instant start)
            throws RecordingException {
        return begin(subject, start, System::nanoTime);
    }

    /** The same by another clock, which never goes back. */
    public Recording begin(RecordingHeader.Subject subject, Instant start, LongSupplier nanos)
            throws RecordingException {
        if (state instanceof RecordingsState.Unwritable(String reason)) {
            throw new RecordingException("recordings cannot be written: " + reason);
        }
        byte[] identity = new byte[RecordingHeader.IDENTITY_BYTES];
        random.nextBytes(identity);
        RecordingKey key = keys.current();
        RecordingHeader header = new RecordingHeader(identity, key.id(), start, subject);
        SessionId session = subject.context().session();
        RecordingFile file;
        try {
            folder.begin(session);
            file = create(session, header, key);
        } catch (IOException e) {
            throw new RecordingException("a recording cannot be begun: " + e.getMessage(), e);
        }
        Recording recording = new Recording(this, header, file, nanos);
        live.put(session, recording);
        recording.resized(subject.columns(), subject.rows());
        return recording;
    }

    /** Without a file there is no mark; what was there before stays. */
    private RecordingFile create(SessionId session, RecordingHeader header, RecordingKey key)
            throws IOException {
        try {
            return RecordingFile.create(folder.file(session), header, key);
        } catch (IOException e) {
            folder.ended(session);
            throw e;
        }
    }

    /** The recording of a session that is under way. */
    public Optional<Recording> live(SessionId session) {
        return Optional.ofNullable(live.get(session));
    }

    private boolean exists(SessionId session) {
        return Files.exists(folder.file(session));
    }

    /**
     * Opens a recording; of a session under way what is written by now.
     *
     * @throws RecordingException when there is none, or it does not open
     */
    public RecordingReader read(SessionId session) throws RecordingException {
        if (!exists(session)) {
            throw new RecordingException("session " + session + " has no recording");
        }
        Recording recording = live.get(session);
        if (recording != null) {
            recording.flush();
        }
        return RecordingReader.open(folder.file(session), keys);
    }

    /**
     * Whether a file is a recording that has ended, however its session did: the ledger has its
     * hash.
     */
    public static boolean hasEnded(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && new RecordingFolder(folder).hasEnded(file);
    }

    public RecordingsState state() {
        return state;
    }

    /**
     * Calls back on each change of {@link #state()}, on a writer's thread, never blocking.
     *
     * @return closes the subscription
     */
    public AutoCloseable onStateChange(Consumer<RecordingsState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Hashes and records what earlier processes left unfinished, in the background, on a thread of
     * its own: no session waits for it. Called before the first session.
     */
    public void closeUnfinished() {
        try {
            List<SessionId> left = folder.unfinished();
            Thread.ofPlatform()
                    .daemon()
                    .name("recordings-left")
                    .start(() -> left.forEach(this::closeUnfinished));
        } catch (IOException e) {
            LOG.warn("Unfinished recordings could not be looked for.", e);
        }
    }

    private void closeUnfinished(SessionId session) {
        try {
            UnfinishedFile found = UnfinishedFile.read(folder.file(session));
            LOG.info(
                    "The recording of session {} was left {}; its hash is recorded now.",
                    session,
                    found.complete() ? "without a record" : "unfinished");
            record(found.header().subject(), session, found.bytes(), found.hash(), found.complete())
                    .exceptionally(failure -> {
                        LOG.warn("An unfinished recording was not recorded.", failure);
                        return null;
                    });
        } catch (RecordingException | NoSuchFileException e) {
            LOG.warn(
                    "The recording of session {} has no header and cannot be used: {}",
                    session,
                    e.getMessage());
            folder.ended(session);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "The recording of session {} could not be looked at; it is tried again at the"
                            + " next start.",
                    session,
                    e);
        }
    }

    private CompletableFuture<Void> record(
            RecordingHeader.Subject subject,
            SessionId session,
            long bytes,
            String hash,
            boolean complete) {
        return log.append(
                        new AuditRecord.RecordingClosed(
                                clock.instant(),
                                subject.context(),
                                RecordingFolder.name(session),
                                bytes,
                                hash,
                                complete))
                .thenAccept(durable -> onWriter(() -> folder.ended(session)));
    }

    private void onWriter(Runnable task) {
        try {
            writers.execute(task);
        } catch (RejectedExecutionException e) {
            // Closing: the mark is found at the next start, and the record is made twice.
            LOG.debug("closing", e);
        }
    }

    // What a recording asks for.

    void write(Recording recording) {
        onWriter(() -> turn(recording, recording::write));
    }

    void writeSoon(Recording recording) {
        later(() -> turn(recording, recording::writeInTime), FLUSH_MILLIS);
    }

    private void later(Runnable task, long millis) {
        try {
            var _ = writers.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing", e);
        }
    }

    /** Writes what waits; returns when a turn of a writer is over. */
    void writeNow(Recording recording) throws RecordingException {
        try {
            writers.submit(() -> turn(recording, recording::write)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecordingException("interrupted", e);
        } catch (ExecutionException | RejectedExecutionException e) {
            throw new RecordingException("the bastion is shutting down", e);
        }
        if (state instanceof RecordingsState.Unwritable(String reason)) {
            throw new RecordingException("recordings cannot be written: " + reason);
        }
    }

    private void turn(Recording recording, Consumer<FrameSealer> write) {
        FrameSealer sealer = sealers.poll();
        try {
            if (sealer == null) {
                sealer = new FrameSealer();
            }
            write.accept(sealer);
        } catch (RuntimeException | LinkageError e) {
            // The compression is native: where its library cannot be loaded nothing is recorded.
            failed(recording, new IOException("a writer failed: " + e.getMessage(), e));
        } finally {
            if (sealer != null) {
                sealers.add(sealer);
            }
        }
    }

    /** Its file is whole and synced: its name is, too, before the ledger tells of it. */
    void named() throws IOException {
        folder.sync();
    }

    /** All that the recording had is written. */
    void written(Recording recording) {
        if (state instanceof RecordingsState.Writable) {
            return;
        }
        synchronized (stateLock) {
            if (failing.remove(recording) && failing.isEmpty()) {
                LOG.info("Recordings are written again.");
                become(new RecordingsState.Writable());
            }
        }
    }

    void failed(Recording recording, IOException why) {
        synchronized (stateLock) {
            failing.add(recording);
            if (state instanceof RecordingsState.Writable) {
                LOG.error("Recordings cannot be written; it is tried again each second.", why);
                become(new RecordingsState.Unwritable(String.valueOf(why.getMessage())));
            }
        }
        if (recording.beginsWaiting()) {
            later(() -> turn(recording, recording::writeAgain), RETRY_MILLIS);
        }
    }

    @GuardedBy("stateLock")
    private void become(RecordingsState now) {
        state = now;
        listeners.forEach(listener -> listener.accept(now));
    }

    void closed(Recording recording, long bytes, String hash, CompletableFuture<Void> recorded) {
        live.remove(recording.session());
        var _ =
                record(recording.header().subject(), recording.session(), bytes, hash, true)
                        .whenComplete((done, failure) -> {
                            if (failure != null) {
                                LOG.warn(
                                        "The recording of {} was not recorded.",
                                        recording.session());
                            }
                            recorded.complete(null);
                        });
    }

    void lost(Recording recording, IOException why) {
        live.remove(recording.session());
        LOG.error(
                "The recording of {} could not be synced; it is hashed as it is found at the next"
                        + " start.",
                recording.session(),
                why);
    }

    /** Writes what can be written, for at most some seconds; the sessions have ended. */
    @Override
    public void close() {
        List<CompletableFuture<Void>> ends =
                live.values().stream().map(each -> each.end("shutdown")).toList();
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("{} recordings are left unfinished until the next start.", live.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writers.shutdown();
        try {
            if (!writers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        live.values().forEach(Recording::abandon);
        for (FrameSealer each = sealers.poll(); each != null; each = sealers.poll()) {
            each.close();
        }
    }
}
