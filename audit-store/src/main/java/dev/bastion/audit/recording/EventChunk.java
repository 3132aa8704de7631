package dev.bastion.audit.recording;

import java.util.Arrays;

/** Events as they stand in one frame, while it is filled. Confined to its recording's lock. */
final class EventChunk {

    /** What is filled makes a frame. */
    static final int LIMIT_BYTES = 64 << 10;

    /** Time, type and length of an event. */
    static final int HEAD_BYTES = 2 * Varint.LONGEST_BYTES + 1;

    private static final int FIRST_BYTES = 256;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;
    private long last;
    private int events;
    final long micros;
    final long firstEvent;
    final int columns;
    final int rows;

    EventChunk(long micros, long firstEvent, int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        this.micros = micros;
        this.last = micros;
        this.firstEvent = firstEvent;
    }

    /** The content of an end frame. */
    static EventChunk end(long micros, long events, byte[] content) {
        EventChunk chunk = new EventChunk(micros, events, 0, 0);
        chunk.bytes = content;
        chunk.size = content.length;
        return chunk;
    }

    int size() {
        return size;
    }

    int events() {
        return events;
    }

    byte[] bytes() {
        return bytes;
    }

    /** How long the content of one more event may be; less than 0 for no more events. */
    int room() {
        return LIMIT_BYTES - size - HEAD_BYTES;
    }

    /**
     * Adds an event.
     *
     * @param length at most {@link #room()}
     */
    void add(long at, byte type, byte[] content, int offset, int length) {
        int most = size + HEAD_BYTES + length;
        if (most > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(LIMIT_BYTES, Math.max(most, bytes.length * 4)));
        }
        size = Varint.write(bytes, size, at - last);
        bytes[size++] = type;
        size = Varint.write(bytes, size, length);
        System.arraycopy(content, offset, bytes, size, length);
        size += length;
        last = at;
        events++;
    }
}
