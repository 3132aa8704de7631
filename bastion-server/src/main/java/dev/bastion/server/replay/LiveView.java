package dev.bastion.server.replay;

import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.Recording;
import dev.bastion.audit.recording.RecordingEvent;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.RecordingReader;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.audit.recording.Watch;
import dev.bastion.menu.terminal.KeySource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows a session while it goes on, from its present screen on. Who is too slow, or a session too
 * fast, for each byte to be drawn sees a later screen; the session never waits. One use; runs on a
 * thread of its own.
 */
public final class LiveView {

    /** Content that the first screen is made of. */
    private static final int FIRST_BYTES = 1 << 20;

    /** Content that is drawn after some was left out. */
    private static final int AGAIN_BYTES = 64 << 10;

    private static final long PAINT_NANOS = 33_000_000;
    private static final long PAINT_MILLIS = PAINT_NANOS / 1_000_000;
    private static final Duration WAIT = Duration.ofMillis(50);

    /** How long one rests who could not follow. */
    private static final long REST_MILLIS = 300;

    private final Recordings recordings;
    private final Recording recording;
    private final ReplayTerminal terminal;
    private final String title;
    private final EmulatedScreen screen = new EmulatedScreen();
    private @Nullable String ended;

    /**
     * @param title harmless text that says whose session it is
     */
    public LiveView(
            Recordings recordings, Recording recording, ReplayTerminal terminal, String title) {
        this.recordings = recordings;
        this.recording = recording;
        this.terminal = terminal;
        this.title = title;
    }

    /** Until the person quits or the session ends; how it ended then. */
    public @Nullable String run() throws IOException {
        Apart.run("watch", this::watch);
        return ended;
    }

    private void watch() throws IOException, InterruptedException {
        SessionId session = recording.header().subject().context().session();
        ScreenPaint paint = new ScreenPaint(terminal);
        try (Watch watch = recording.watch();
                RecordingReader written = recordings.read(session)) {
            written.seek(Long.MAX_VALUE, FIRST_BYTES);
            screen.reset(written.columns(), written.rows());
            follow(written, watch.first());
            paint.enter();
            try {
                show(paint, watch, written);
            } finally {
                paint.leave();
            }
        }
    }

    private void show(ScreenPaint paint, Watch watch, RecordingReader written)
            throws IOException, InterruptedException {
        boolean changed = true;
        long painted = 0;
        KeySource keys = terminal.keys();
        while (ended == null) {
            if (changed && System.nanoTime() - painted >= PAINT_NANOS) {
                paint.paint(screen, " watching  " + title + "  q quit");
                painted = System.nanoTime();
                changed = false;
            }
            int key = keys.read(Duration.ZERO);
            if (key == 'q' || key == 'Q' || key == 3 || key == 4 || key == KeySource.END) {
                return;
            }
            changed |= key == KeySource.RESIZED;
            List<RecordingEvent> events =
                    watch.take(changed ? Duration.ofMillis(PAINT_MILLIS) : WAIT);
            for (RecordingEvent event : events) {
                screen.apply(event);
                if (event instanceof RecordingEvent.Exit(_, String how)) {
                    ended = how;
                }
            }
            changed |= !events.isEmpty();
            if (watch.isLost()) {
                Thread.sleep(REST_MILLIS);
                again(watch, written);
                changed = true;
            }
        }
    }

    /** Leaves out what cannot be followed, but for the end of it. */
    private void again(Watch watch, RecordingReader written) throws RecordingException {
        watch.again();
        recording.flush();
        written.seek(Long.MAX_VALUE, AGAIN_BYTES);
        screen.apply(new RecordingEvent.Resized(0, written.columns(), written.rows()));
        follow(written, watch.first());
    }

    /** Draws what stands in the file before an event. */
    private void follow(RecordingReader written, long before) throws RecordingException {
        while (written.events() < before) {
            RecordingEvent event = written.next();
            if (event == null) {
                return;
            }
            screen.apply(event);
            if (event instanceof RecordingEvent.Exit(_, String how)) {
                ended = how;
            }
        }
    }
}
