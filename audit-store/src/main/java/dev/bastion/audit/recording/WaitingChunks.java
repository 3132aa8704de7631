package dev.bastion.audit.recording;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What was told to a recording and is not with its file yet, in order: full chunks, then the one
 * that is being filled. Holds nothing while it is empty. Guarded by its recording's lock.
 */
final class WaitingChunks {

    private @Nullable EventChunk filling;
    private @Nullable ArrayDeque<EventChunk> full;
    private long bytes;

    /** Of all that waits, or was polled and not {@link #written}. */
    long bytes() {
        return bytes;
    }

    /** Sets the one that is being filled aside when it has no room for so much; whether it did. */
    boolean setAside(int length) {
        EventChunk chunk = filling;
        if (chunk == null || chunk.room() >= length) {
            return false;
        }
        ArrayDeque<EventChunk> queue = full == null ? new ArrayDeque<>() : full;
        full = queue;
        queue.add(chunk);
        filling = null;
        return true;
    }

    /** Whether none is being filled. */
    boolean needsOne() {
        return filling == null;
    }

    boolean hasFull() {
        return full != null;
    }

    void begin(EventChunk empty) {
        filling = empty;
    }

    /** Adds as much of an event as has room in the one that is being filled; returns how much. */
    int add(long at, byte type, byte[] content, int offset, int length) {
        EventChunk chunk = filling;
        if (chunk == null) {
            throw new IllegalStateException("no chunk is being filled");
        }
        int piece = Math.min(length, chunk.room());
        int before = chunk.size();
        chunk.add(at, type, content, offset, piece);
        bytes += chunk.size() - before;
        return piece;
    }

    /** Takes the oldest; null when nothing waits. */
    @Nullable EventChunk poll() {
        EventChunk chunk = full == null ? null : full.poll();
        if (chunk == null) {
            full = null;
            chunk = filling;
            filling = null;
        }
        return chunk;
    }

    /** So many bytes of what was polled are its file's. */
    void written(int count) {
        bytes -= count;
    }
}
