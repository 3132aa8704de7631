package dev.bastion.server.tap;

import dev.bastion.audit.recording.Recording;
import dev.bastion.server.relay.RelayTap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tells a recording what the host sends and the terminal's sizes, before the tap of the lines sees
 * it. While what waits to be written is too much, the host's output waits too. Thread-safe; nothing
 * here blocks.
 */
public final class RecordedTap implements RelayTap {

    private final RelayTap lines;
    private final Recording recording;
    private volatile boolean over;

    public RecordedTap(RelayTap lines, Recording recording) {
        this.lines = lines;
        this.recording = recording;
    }

    @Override
    public void toHost(byte[] bytes, int offset, int length, Passage passage) {
        lines.toHost(bytes, offset, length, passage);
    }

    @Override
    public void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage) {
        CompletableFuture<?> room = over ? null : recording.output(bytes, offset, length);
        lines.toOperator(
                stream, bytes, offset, length, room == null ? passage : new Held(passage, room));
    }

    /** What goes on when there is room in the recording. */
    private record Held(Passage passage, CompletableFuture<?> room) implements Passage {

        @Override
        public void pass(int offset, int length, @Nullable CompletableFuture<?> barrier) {
            passage.pass(
                    offset,
                    length,
                    barrier == null ? room : CompletableFuture.allOf(barrier, room));
        }

        @Override
        public void passKept(byte[] kept, int offset, int length) {
            passage.passKept(kept, offset, length);
        }

        @Override
        public void answer(byte[] bytes) {
            passage.answer(bytes);
        }
    }

    @Override
    public void resized(int columns, int rows) {
        recording.resized(columns, rows);
        lines.resized(columns, rows);
    }

    @Override
    public boolean mayInterrupt() {
        return lines.mayInterrupt();
    }

    @Override
    public CompletableFuture<?> ended() {
        over = true;
        return lines.ended();
    }
}
