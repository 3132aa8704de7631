package dev.bastion.audit.recording;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionId;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The recording of a session that is under way. What is told to it is copied into a buffer that the
 * writers of {@link Recordings} empty; nothing here blocks but {@link #flush}. Thread-safe.
 *
 * <p>What was told is in the file, not synced, within a second or two while it can be written.
 */
public final class Recording {

    /** Behind so many bytes that wait to be written the session's output waits. */
    static final int HOLD_BYTES = 256 << 10;

    /** Columns, or rows, of a terminal that are told apart. */
    static final int LARGEST = 65_535;

    /** What one turn of a writer takes, so that a flooded session leaves others their turn. */
    private static final int TURN_BYTES = 1 << 20;

    private final Recordings writers;
    private final RecordingHeader header;
    private final LongSupplier nanos;
    private final long startNanos;
    private final Object lock = new Object();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Whoever writes has it; taken before {@link #lock}. */
    private final Object writing = new Object();

    @GuardedBy("writing")
    private final RecordingFile file;

    @GuardedBy("writing")
    private boolean endWritten;

    @GuardedBy("writing")
    private boolean fileClosed;

    /** Events that are in the file. */
    private volatile long writtenEvents;

    @GuardedBy("lock")
    private final WaitingChunks waiting = new WaitingChunks();

    @GuardedBy("lock")
    private long events;

    @GuardedBy("lock")
    private long outputBytes;

    @GuardedBy("lock")
    private long last;

    @GuardedBy("lock")
    private int columns;

    @GuardedBy("lock")
    private int rows;

    @GuardedBy("lock")
    private boolean willBeWritten;

    @GuardedBy("lock")
    private boolean isDue;

    @GuardedBy("lock")
    private boolean waitsToTryAgain;

    @GuardedBy("lock")
    private boolean ended;

    @GuardedBy("lock")
    private @Nullable CompletableFuture<Void> room;

    Recording(Recordings writers, RecordingHeader header, RecordingFile file, LongSupplier nanos) {
        this.writers = writers;
        this.header = header;
        this.file = file;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    public RecordingHeader header() {
        return header;
    }

    SessionId session() {
        return header.subject().context().session();
    }

    /** Microseconds since the session's start. */
    public long now() {
        return Math.max(0, (nanos.getAsLong() - startNanos) / 1_000);
    }

    /**
     * The host's bytes; copied.
     *
     * @return what must complete before they, and what follows them, go on; null for nothing
     */
    public @Nullable CompletableFuture<?> output(byte[] bytes, int offset, int length) {
        synchronized (lock) {
            if (ended) {
                return null;
            }
            long at = time();
            outputBytes += length;
            int from = offset;
            while (from < offset + length) {
                int piece = add(at, EventFormat.OUTPUT, bytes, from, offset + length - from);
                if (!watches.isEmpty()) {
                    tell(
                            new RecordingEvent.Output(
                                    at, Arrays.copyOfRange(bytes, from, from + piece)));
                }
                from += piece;
            }
            if (waiting.bytes() > HOLD_BYTES && room == null) {
                room = new CompletableFuture<>();
            }
            return room;
        }
    }

    /** The terminal has this size; 0 is unknown. */
    public void resized(int newColumns, int newRows) {
        synchronized (lock) {
            if (!ended) {
                long at = time();
                columns = Math.clamp(newColumns, 0, LARGEST);
                rows = Math.clamp(newRows, 0, LARGEST);
                addWhole(at, EventFormat.SIZE, EventFormat.size(columns, rows));
                tell(new RecordingEvent.Resized(at, columns, rows));
            }
        }
    }

    /**
     * A line was decided. Its texts must be as the ledger may keep them.
     *
     * @param enteredMicros when its Enter was typed, of {@link #now}
     */
    public void line(
            long enteredMicros, long seq, LineKind kind, String keystrokes, String command) {
        synchronized (lock) {
            if (!ended) {
                long at = time();
                long ago = Math.max(0, at - enteredMicros);
                addWhole(
                        at,
                        EventFormat.LINE,
                        EventFormat.line(ago, seq, kind, keystrokes, command));
                tell(new RecordingEvent.Line(at, at - ago, seq, kind, keystrokes, command));
            }
        }
    }

    /**
     * The session is over; nothing is told any more. Idempotent.
     *
     * @return completes when no more is done for it; it may never
     */
    public CompletableFuture<Void> end(String how) {
        synchronized (lock) {
            if (!ended) {
                long at = time();
                addWhole(at, EventFormat.EXIT, EventFormat.exit(how));
                tell(new RecordingEvent.Exit(at, how));
                ended = true;
                due();
            }
        }
        return closed;
    }

    /** A new watcher, from the next event on. */
    public Watch watch() {
        synchronized (lock) {
            Watch watch = new Watch(this, events);
            watches.add(watch);
            return watch;
        }
    }

    void rewatch(Watch watch) {
        synchronized (lock) {
            watch.begin(events);
        }
    }

    void unwatch(Watch watch) {
        watches.remove(watch);
    }

    /**
     * Waits until all that was told by now is in the file. Any thread but an event loop.
     *
     * @throws RecordingException when it could not be written
     */
    public void flush() throws RecordingException {
        long told;
        synchronized (lock) {
            told = events;
        }
        while (writtenEvents < told) {
            writers.writeNow(this);
        }
    }

    /** What waits to be written. */
    long bufferedBytes() {
        synchronized (lock) {
            return waiting.bytes();
        }
    }

    @GuardedBy("lock")
    private long time() {
        last = Math.max(last, now());
        return last;
    }

    @GuardedBy("lock")
    private void tell(RecordingEvent event) {
        for (Watch watch : watches) {
            watch.offer(event);
        }
    }

    @GuardedBy("lock")
    private void addWhole(long at, byte type, byte[] content) {
        int added = add(at, type, content, 0, content.length);
        if (added < content.length) {
            throw new IllegalStateException("an event is larger than a frame");
        }
    }

    /** Adds an event with as much of its content as fits into a frame; returns how much. */
    @GuardedBy("lock")
    private int add(long at, byte type, byte[] content, int offset, int length) {
        boolean split = type == EventFormat.OUTPUT;
        if (waiting.setAside(split ? 1 : length)) {
            due();
        }
        if (waiting.needsOne()) {
            waiting.begin(new EventChunk(at, events, columns, rows));
        }
        int piece = waiting.add(at, type, content, offset, length);
        events++;
        if (!willBeWritten && !isDue) {
            willBeWritten = true;
            writers.writeSoon(this);
        }
        return piece;
    }

    @GuardedBy("lock")
    private void due() {
        if (!isDue) {
            isDue = true;
            writers.write(this);
        }
    }

    /** The turn of a writer that {@link Recordings#writeSoon} promised. */
    void writeInTime(FrameSealer sealer) {
        synchronized (lock) {
            willBeWritten = false;
        }
        write(sealer);
    }

    /** A write has failed; whether nobody waits to try again by now. */
    boolean beginsWaiting() {
        synchronized (lock) {
            boolean begins = !waitsToTryAgain;
            waitsToTryAgain = true;
            return begins;
        }
    }

    /** The turn of a writer after one that failed. */
    void writeAgain(FrameSealer sealer) {
        synchronized (lock) {
            waitsToTryAgain = false;
        }
        write(sealer);
    }

    /** One turn of a writer. Blocks on the disk. */
    void write(FrameSealer sealer) {
        synchronized (writing) {
            try {
                synchronized (lock) {
                    isDue = false;
                }
                if (fileClosed) {
                    return;
                }
                file.retry(sealer);
                writtenEvents = file.events();
                int written = 0;
                EventChunk chunk = next();
                while (chunk != null) {
                    written += chunk.size();
                    taken(chunk.size());
                    file.append(sealer, chunk);
                    writtenEvents = file.events();
                    chunk = written < TURN_BYTES ? next() : null;
                }
                writers.written(this);
                finishOrGoOn(sealer);
            } catch (IOException e) {
                writers.failed(this, e);
            }
        }
    }

    private @Nullable EventChunk next() {
        synchronized (lock) {
            return waiting.poll();
        }
    }

    /** What is taken is the file's: it keeps what it cannot write. */
    private void taken(int bytes) {
        CompletableFuture<Void> opened = null;
        synchronized (lock) {
            waiting.written(bytes);
            if (room != null && waiting.bytes() <= HOLD_BYTES / 2) {
                opened = room;
                room = null;
            }
        }
        if (opened != null) {
            opened.complete(null);
        }
    }

    @GuardedBy("writing")
    private void finishOrGoOn(FrameSealer sealer) throws IOException {
        long output;
        long length;
        synchronized (lock) {
            if (waiting.hasFull() || (ended && !waiting.needsOne())) {
                due();
                return;
            }
            if (!ended) {
                return;
            }
            output = outputBytes;
            length = last;
        }
        if (!endWritten) {
            endWritten = true;
            file.end(sealer, output, length);
        }
        close();
    }

    @GuardedBy("writing")
    private void close() {
        fileClosed = true;
        try {
            file.close();
            writers.named();
        } catch (IOException e) {
            writers.lost(this, e);
            closed.complete(null);
            return;
        }
        writers.closed(this, file.size(), file.hash(), closed);
    }

    /** Gives up; the file stays as it is, for the next start. Never while a writer is at it. */
    void abandon() {
        synchronized (writing) {
            fileClosed = true;
            try {
                file.close();
            } catch (IOException e) {
                // It is found unfinished at the next start, as any other.
            }
        }
    }
}
