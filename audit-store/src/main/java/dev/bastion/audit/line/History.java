package dev.bastion.audit.line;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last rows that scrolled off the top; the oldest is reused. Empty costs nothing. */
final class History {

    private static final Row[] NONE = {};

    private final int capacity;
    private @Nullable Row[] ring = NONE;
    private int next;
    private int size;

    History(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return size;
    }

    /** Keeps a row. Returns an empty row: the one that fell out, or a new one. */
    Row push(Row row) {
        if (ring.length == 0) {
            ring = new Row[capacity];
        }
        Row oldest = ring[next];
        ring[next] = row;
        next = (next + 1) % capacity;
        size = Math.min(capacity, size + 1);
        if (oldest == null) {
            return new Row();
        }
        oldest.clear();
        oldest.stamp = 0;
        return oldest;
    }

    /** The row that was pushed {@code back} pushes before the last one. */
    @Nullable Row fromEnd(int back) {
        return back < size ? ring[Math.floorMod(next - 1 - back, capacity)] : null;
    }

    void clear() {
        if (size > 0) {
            Arrays.fill(ring, null);
        }
        ring = NONE;
        next = 0;
        size = 0;
    }
}
