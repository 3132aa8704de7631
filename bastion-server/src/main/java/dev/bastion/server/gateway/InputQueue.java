package dev.bastion.server.gateway;

import dev.bastion.menu.terminal.KeySource;
import java.util.ArrayDeque;

/**
 * What the client sent and nobody took yet. Bounded by the channel's window: the client may send
 * more only when little waits here. Every method is called with the channel's input lock held.
 */
final class InputQueue {

    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private int position;
    private int size;
    private boolean ended;
    private boolean resized;

    void add(byte[] chunk) {
        if (chunk.length > 0) {
            chunks.add(chunk);
            size += chunk.length;
        }
    }

    void end() {
        ended = true;
    }

    void resize() {
        resized = true;
    }

    /** Bytes that wait. */
    int size() {
        return size;
    }

    boolean isEnded() {
        return ended;
    }

    /**
     * The next byte, or one of {@link KeySource}'s answers; {@link KeySource#TIMEOUT} when there is
     * nothing.
     */
    int poll() {
        if (resized) {
            resized = false;
            return KeySource.RESIZED;
        }
        byte[] head = chunks.peek();
        if (head == null) {
            return ended ? KeySource.END : KeySource.TIMEOUT;
        }
        int value = head[position++] & 0xFF;
        size--;
        if (position == head.length) {
            chunks.remove();
            position = 0;
        }
        return value;
    }

    /** All that waits, in order; the queue is empty after it. */
    byte[] takeAll() {
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] chunk : chunks) {
            int skip = at == 0 ? position : 0;
            System.arraycopy(chunk, skip, all, at, chunk.length - skip);
            at += chunk.length - skip;
        }
        chunks.clear();
        position = 0;
        size = 0;
        return all;
    }
}
