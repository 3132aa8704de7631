package dev.bastion.audit.line;

import java.util.Arrays;

/**
 * Output while nobody types: looked through for the few sequences that begin something, and only
 * its last bytes kept. Confined to one thread.
 */
final class IdleOutput {

    private static final int TAIL = 16 * 1024;
    private static final int ESC = 0x1b;

    private enum State {
        TEXT,
        ESCAPE,
        CSI,
        PRIVATE,
        OSC
    }

    private static final byte[] NOTHING = {};

    private byte[] ring = NOTHING;
    private int next;
    private int size;
    private boolean lost;
    private State state = State.TEXT;
    private int number;
    private int length;
    private boolean mark;

    /** Takes bytes up to the end of the first sequence that matters. Returns how many. */
    int skip(byte[] bytes, int offset, int count) {
        mark = false;
        int end = offset + count;
        int i = offset;
        while (i < end && !mark) {
            if (state == State.TEXT) {
                i = EscapeSearch.next(bytes, i, end);
                if (i < end) {
                    state = State.ESCAPE;
                    i++;
                }
            } else {
                step(bytes[i++] & 0xff);
            }
        }
        keep(bytes, offset, i - offset);
        return i - offset;
    }

    private void step(int value) {
        switch (state) {
            case ESCAPE -> {
                number = 0;
                length = 0;
                state =
                        value == '['
                                ? State.CSI
                                : value == ']' ? State.OSC : value == ESC ? state : State.TEXT;
            }
            case CSI -> {
                if (value == '?') {
                    state = State.PRIVATE;
                } else if (value == ESC) {
                    state = State.ESCAPE;
                } else if (value >= 0x40) {
                    state = State.TEXT;
                }
            }
            case PRIVATE -> inPrivate(value);
            case OSC -> inOsc(value);
            case TEXT -> {}
        }
    }

    private void inPrivate(int value) {
        if (value >= '0' && value <= '9') {
            number = Math.min(9_999, number * 10 + value - '0');
        } else if (value == ';') {
            length = matters() ? 1 : length;
            number = 0;
        } else if (value == ESC) {
            state = State.ESCAPE;
        } else {
            state = State.TEXT;
            mark = (value == 'h' || value == 'l') && (matters() || length == 1);
        }
    }

    private boolean matters() {
        return number == 2004 || number == 1049 || number == 1047 || number == 47;
    }

    /** Only the number at the begin of the string matters, and then its end. */
    private void inOsc(int value) {
        if (value == 0x07 || value == 0x18 || value == 0x1a) {
            state = State.TEXT;
            mark = length < 0;
        } else if (value == ESC) {
            state = State.ESCAPE;
            mark = length < 0;
        } else if (length >= 0 && length < 4) {
            if (value == ';') {
                length = number == 133 || number == 633 ? -1 : 4;
            } else {
                number = value >= '0' && value <= '9' ? number * 10 + value - '0' : 0;
                length++;
            }
        }
    }

    private void keep(byte[] bytes, int offset, int count) {
        if (ring.length < TAIL && size + count > ring.length) {
            int wanted = Math.min(TAIL, Math.max(512, Integer.highestOneBit(size + count) * 2));
            byte[] longer = new byte[wanted];
            System.arraycopy(ring, 0, longer, 0, size);
            ring = longer;
            next = size == wanted ? 0 : size;
        }
        int from = offset;
        int left = count;
        if (left > ring.length) {
            from += left - ring.length;
            left = ring.length;
        }
        lost |= size + count > ring.length;
        int first = Math.min(left, ring.length - next);
        System.arraycopy(bytes, from, ring, next, first);
        System.arraycopy(bytes, from + first, ring, 0, left - first);
        next = (next + left) % ring.length;
        size = Math.min(ring.length, size + left);
    }

    boolean sawMark() {
        return mark;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** More came than is kept. */
    boolean lostBytes() {
        return lost;
    }

    /** The last bytes, from a begin of a line on when earlier ones are lost; then it is empty. */
    byte[] takeTail() {
        byte[] tail = new byte[size];
        int start = Math.floorMod(next - size, ring.length);
        int first = Math.min(size, ring.length - start);
        System.arraycopy(ring, start, tail, 0, first);
        System.arraycopy(ring, 0, tail, first, size - first);
        int from = lost ? afterLineFeed(tail) : 0;
        clear();
        return from == 0 ? tail : Arrays.copyOfRange(tail, from, tail.length);
    }

    private static int afterLineFeed(byte[] tail) {
        for (int i = 0; i < tail.length; i++) {
            if (tail[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    void clear() {
        ring = NOTHING;
        next = 0;
        size = 0;
        lost = false;
        state = State.TEXT;
        mark = false;
    }
}
