package dev.bastion.server.replay;

import dev.bastion.audit.recording.RecordingEvent;
import dev.bastion.menu.terminal.KeySource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A person who presses keys at given times of a clock, which goes on only while keys are waited
 * for, and what the terminal showed just before each key. Who has no key left is gone. One thread.
 */
public final class ScriptedTerminal implements ReplayTerminal, LongSupplier {

    /** A key that nobody pressed: only to look. */
    public static final int LOOK = KeySource.TIMEOUT;

    private static final int COLUMNS = 60;
    private static final int ROWS = 12;
    private static final long START_NANOS = 1_000_000_000_000L;

    private record Key(long atNanos, int key) {}

    private final Deque<Key> keys = new ArrayDeque<>();
    private final List<String> shown = new ArrayList<>();
    private final EmulatedScreen screen = new EmulatedScreen();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private long nanos = START_NANOS;
    private int drawn;

    public ScriptedTerminal() {
        screen.reset(COLUMNS, ROWS);
    }

    /** Presses these keys at once; times rise. */
    public ScriptedTerminal at(double seconds, int... pressed) {
        for (int key : pressed) {
            keys.add(new Key(START_NANOS + Math.round(seconds * 1e9), key));
        }
        return this;
    }

    /** Presses what a key sends that sends more than a byte. */
    public ScriptedTerminal at(double seconds, String sequence) {
        return at(seconds, sequence.chars().toArray());
    }

    /** Rows of the terminal before each key, the last one of them the status. */
    public List<String> shown() {
        return shown;
    }

    /** All bytes that were sent. */
    public String sent() {
        return sent.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public long getAsLong() {
        return nanos;
    }

    @Override
    public KeySource keys() {
        return this::read;
    }

    private int read(Duration wait) {
        Key next = keys.peek();
        if (next == null) {
            return KeySource.END;
        }
        if (next.atNanos > nanos) {
            nanos = Math.min(next.atNanos, nanos + wait.toNanos());
            return KeySource.TIMEOUT;
        }
        shown.add(picture());
        return keys.remove().key;
    }

    private String picture() {
        byte[] all = sent.toByteArray();
        byte[] piece = java.util.Arrays.copyOfRange(all, drawn, all.length);
        drawn = all.length;
        screen.apply(new RecordingEvent.Output(0, piece));
        long[] cells = screen.picture().cells();
        var rows = new StringBuilder();
        for (int y = 0; y < ROWS; y++) {
            rows.append(
                            CellText.of(cells, y * COLUMNS, (y + 1) * COLUMNS)
                                    .replaceAll("\033[^m]*m", ""))
                    .append('\n');
        }
        return rows.toString();
    }

    @Override
    public OutputStream output() {
        return sent;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public int rows() {
        return ROWS;
    }
}
