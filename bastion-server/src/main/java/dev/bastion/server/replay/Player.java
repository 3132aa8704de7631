package dev.bastion.server.replay;

import dev.bastion.audit.recording.RecordingEnd;
import dev.bastion.audit.recording.RecordingEvent;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.RecordingReader;
import dev.bastion.menu.terminal.KeySource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Replays a recording on a person's terminal. After a jump the screen is made of the {@value
 * #REBUILD_BYTES} bytes of content before it. One use; runs on a thread of its own.
 */
public final class Player {

    /**
     * A command that can be jumped to.
     *
     * @param atMicros of its Enter
     * @param text harmless
     */
    public record Command(long seq, long atMicros, String text) {}

    /**
     * How it begins.
     *
     * @param speed 1 is as it was
     * @param maxIdle longer pauses are made so long
     * @param startMicros where
     */
    public record Options(double speed, Duration maxIdle, long startMicros) {}

    private static final int REBUILD_BYTES = 1 << 20;
    private static final double SLOWEST = 1 / 16.0;
    private static final double FASTEST = 256;

    /** Bytes of output that are drawn before keys are looked at. */
    private static final int TURN_BYTES = 64 << 10;

    private static final long PAINT_NANOS = 33_000_000;
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    /** How near before a command {@code p} goes on to the one before. */
    private static final long NEAR_MICROS = 1_000_000;

    private static final long LEAP_MICROS = 10_000_000;

    private final RecordingReader recording;
    private final List<Command> commands;
    private final ScreenPaint paint;
    private final String title;
    private final long maxIdleMicros;
    private final long duration;
    private final LongSupplier nanos;
    private final EmulatedScreen screen = new EmulatedScreen();
    private final EscapedKeys keys;
    private double speed;
    private long position;

    /** Of a microsecond, behind the position. */
    private double carried;

    private long clockNanos;
    private boolean paused;
    private boolean left;
    private @Nullable RecordingEvent next;

    /** As it was come to, also when one went back since. */
    private RecordingEnd end = new RecordingEnd.Unfinished();

    /**
     * @param commands in the order of their times
     * @param title harmless text that says whose session it is
     */
    public Player(
            RecordingReader recording,
            List<Command> commands,
            ReplayTerminal terminal,
            String title,
            Options options)
            throws RecordingException {
        this(recording, commands, terminal, title, options, System::nanoTime);
    }

    /** The same by another clock, which never goes back. */
    Player(
            RecordingReader recording,
            List<Command> commands,
            ReplayTerminal terminal,
            String title,
            Options options,
            LongSupplier nanos)
            throws RecordingException {
        this.recording = recording;
        this.commands = List.copyOf(commands);
        this.paint = new ScreenPaint(terminal);
        this.title = title;
        this.speed = Math.clamp(options.speed, SLOWEST, FASTEST);
        this.maxIdleMicros = Math.max(0, options.maxIdle.toNanos() / 1_000);
        this.duration = duration(recording, commands);
        this.position = options.startMicros;
        this.nanos = nanos;
        this.keys = new EscapedKeys(terminal.keys());
    }

    /** An Enter may be later than all that a killed bastion recorded. */
    private static long duration(RecordingReader recording, List<Command> commands)
            throws RecordingException {
        long recorded = recording.durationMicros();
        return commands.isEmpty() ? recorded : Math.max(recorded, commands.getLast().atMicros);
    }

    /** Until the person quits; the recording's end as far as it was come to. */
    public RecordingEnd run() throws IOException {
        Apart.run("replay", this::play);
        return end;
    }

    private void play() throws IOException, InterruptedException {
        jump(position);
        paint.enter();
        try {
            long painted = 0;
            while (!left && !Thread.currentThread().isInterrupted()) {
                long now = nanos.getAsLong();
                if (!paused) {
                    double passed = (now - clockNanos) / 1_000.0 * speed + carried;
                    position += (long) passed;
                    carried = passed - (long) passed;
                }
                clockNanos = now;
                boolean behind = !paused && catchUp();
                if (now - painted >= PAINT_NANOS || !behind) {
                    paint.paint(screen, status());
                    painted = now;
                }
                key(keys.read(behind ? Duration.ZERO : untilNext()));
            }
        } finally {
            paint.leave();
        }
    }

    /** Draws what is due; whether more is. */
    private boolean catchUp() throws RecordingException {
        int drawn = 0;
        for (RecordingEvent due = next; due != null; due = next) {
            if (due.atMicros() - position > maxIdleMicros) {
                position = due.atMicros() - maxIdleMicros;
            }
            if (due.atMicros() > position) {
                return false;
            }
            if (drawn >= TURN_BYTES) {
                return true;
            }
            drawn += draw(due);
        }
        position = Math.min(position, Math.max(duration, 0));
        return false;
    }

    private int draw(RecordingEvent event) throws RecordingException {
        screen.apply(event);
        read();
        return event instanceof RecordingEvent.Output output ? output.bytes().length : 0;
    }

    private void read() throws RecordingException {
        next = recording.next();
        if (next == null && !(recording.end() instanceof RecordingEnd.Unfinished)) {
            end = recording.end();
        }
    }

    private Duration untilNext() {
        RecordingEvent due = next;
        if (paused || due == null) {
            return LONGEST_WAIT;
        }
        Duration wait = Duration.ofNanos((long) ((due.atMicros() - position) * 1_000 / speed));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    /** The screen of a moment; at the end, with all that is there. */
    private void jump(long toMicros) throws RecordingException {
        long to = Math.clamp(toMicros, 0, Math.max(0, duration));
        recording.seek(to, REBUILD_BYTES);
        screen.reset(recording.columns(), recording.rows());
        read();
        long before = to < duration ? to : to + 1;
        for (RecordingEvent due = next; due != null && due.atMicros() < before; due = next) {
            var _ = draw(due);
        }
        position = to;
        clockNanos = nanos.getAsLong();
    }

    private void key(int key) throws RecordingException {
        switch (key) {
            case 'q', 'Q', 3, 4, KeySource.END -> left = true;
            case ' ' -> paused = !paused;
            case '+', '=' -> speed = Math.min(FASTEST, speed * 2);
            case '-', '_' -> speed = Math.max(SLOWEST, speed / 2);
            case '1' -> speed = 1;
            case '.' -> step();
            case 'n' -> nextCommand();
            case 'p' -> previousCommand();
            case EscapedKeys.RIGHT -> jump(position + LEAP_MICROS);
            case EscapedKeys.LEFT -> jump(position - LEAP_MICROS);
            case 'g', EscapedKeys.HOME -> jump(0);
            case 'G', EscapedKeys.END_KEY -> jump(duration);
            default -> {}
        }
    }

    /** To the next moment at which something was shown; it stays there. */
    private void step() throws RecordingException {
        paused = true;
        int drawn = 0;
        for (RecordingEvent due = next; due != null && drawn == 0; due = next) {
            position = due.atMicros();
            drawn = draw(due);
        }
    }

    private void nextCommand() throws RecordingException {
        for (Command command : commands) {
            if (command.atMicros > position) {
                jump(command.atMicros);
                return;
            }
        }
    }

    private void previousCommand() throws RecordingException {
        for (Command command : commands.reversed()) {
            if (command.atMicros < position - (paused ? 0 : NEAR_MICROS)) {
                jump(command.atMicros);
                return;
            }
        }
        jump(0);
    }

    private String status() {
        StringBuilder status = new StringBuilder(" ");
        status.append(next == null ? endWord() : paused ? "paused" : "playing")
                .append(' ')
                .append(Spans.clock(position))
                .append(" / ")
                .append(Spans.clock(duration));
        if (speed != 1) {
            status.append(" x").append(speed == (long) speed ? (long) speed + "" : decimals());
        }
        status.append("  ").append(title);
        Command last = null;
        for (Command command : commands) {
            if (command.atMicros <= position) {
                last = command;
            }
        }
        if (last != null) {
            status.append("  #").append(last.seq).append(' ').append(last.text);
        } else {
            status.append("  space pause, +/- speed, . step, n/p command, q quit");
        }
        return status.toString();
    }

    private String decimals() {
        return String.format(Locale.ROOT, "%.4f", speed).replaceFirst("0+$", "");
    }

    private String endWord() {
        return switch (end) {
            case RecordingEnd.Complete _ -> "end";
            case RecordingEnd.Unfinished _ -> "no end";
            case RecordingEnd.Damaged _ -> "damaged";
        };
    }
}
