package dev.bastion.audit.recording;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One watcher's events of a session that is under way, from some event on. Bounded: of a watcher
 * that is slow all that waits is dropped, and it goes on from the file. The watched never waits.
 * Thread-safe; one thread takes.
 */
public final class Watch implements AutoCloseable {

    /** Bytes of output that wait. */
    static final int LIMIT_BYTES = 256 << 10;

    /** Events that wait. */
    static final int LIMIT_EVENTS = 10_000;

    private final Recording recording;

    @GuardedBy("this")
    private List<RecordingEvent> waiting = new ArrayList<>();

    @GuardedBy("this")
    private int bytes;

    @GuardedBy("this")
    private boolean lost;

    @GuardedBy("this")
    private long first;

    Watch(Recording recording, long first) {
        this.recording = recording;
        this.first = first;
    }

    /** Called under the recording's lock, in order. */
    synchronized void offer(RecordingEvent event) {
        if (lost) {
            return;
        }
        if (event instanceof RecordingEvent.Output output) {
            bytes += output.bytes().length;
        }
        if (bytes > LIMIT_BYTES || waiting.size() >= LIMIT_EVENTS) {
            lost = true;
            waiting = new ArrayList<>();
        } else {
            waiting.add(event);
        }
        notifyAll();
    }

    /** Number of the event in its recording that is the first to be taken. */
    public synchronized long first() {
        return first;
    }

    /** Whether events were dropped: {@link #again} is due. */
    public synchronized boolean isLost() {
        return lost;
    }

    /** Begins anew behind the event that is the last at this moment. */
    public void again() {
        recording.rewatch(this);
    }

    synchronized void begin(long event) {
        first = event;
        waiting = new ArrayList<>();
        bytes = 0;
        lost = false;
    }

    /** All that waits; when nothing does, what comes within this time, if anything. */
    public synchronized List<RecordingEvent> take(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (waiting.isEmpty() && !lost) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                break;
            }
            wait(millis);
        }
        List<RecordingEvent> taken = waiting;
        waiting = new ArrayList<>();
        bytes = 0;
        first += taken.size();
        return taken;
    }

    @Override
    public void close() {
        recording.unwatch(this);
    }
}
