package dev.bastion.server.transport.loop;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashSet;
import java.util.Set;

/**
 * Connections that write to each other, an operator's and those to the hosts that it uses: one loop
 * serves them all. While much is read from them, or keys are exchanged inside one, that is a loop
 * for bulk data, so that the keys of others do not wait behind it; a thread that works much also
 * waits longer for a processor than one that mostly sleeps.
 *
 * <p>Thread-safe. Moving is asked for with the lock held, and done later.
 */
final class Company {

    private static final long WINDOW_NANOS = 100_000_000;

    /** More than this read in a window is bulk data. */
    private static final long BULK_BYTES = 1 << 20;

    /** How long work that is expected may take. */
    private static final long WORK_NANOS = 2_000_000_000;

    /** When less than this was read in a window, bulk data has ended. */
    private static final long CALM_BYTES = 64 << 10;

    private final EventLoop keys;
    private final EventLoop bulk;

    @GuardedBy("this")
    private final Set<LoopSession> members = HashSet.newHashSet(2);

    @GuardedBy("this")
    private EventLoop current;

    @GuardedBy("this")
    private long windowNanos = System.nanoTime();

    @GuardedBy("this")
    private long windowBytes;

    /**
     * Begins on the loop for keys.
     *
     * @param bulk where it goes for bulk data
     */
    Company(EventLoop keys, EventLoop bulk) {
        this.keys = keys;
        this.bulk = bulk;
        this.current = keys;
    }

    synchronized void add(LoopSession member) {
        members.add(member);
        member.moveTo(current);
    }

    synchronized void remove(LoopSession member) {
        members.remove(member);
    }

    /** Much will be computed for a member, though it brings little. */
    synchronized void expectsWork(long nowNanos) {
        windowNanos = nowNanos + WORK_NANOS;
        move(bulk);
    }

    /**
     * Bytes were read from a member.
     *
     * @param nowNanos as {@link System#nanoTime} has it
     */
    synchronized void read(int bytes, long nowNanos) {
        if (nowNanos - windowNanos > WINDOW_NANOS) {
            if (windowBytes < CALM_BYTES) {
                move(keys);
            }
            windowNanos = nowNanos;
            windowBytes = 0;
        }
        windowBytes += bytes;
        if (windowBytes > BULK_BYTES) {
            move(bulk);
        }
    }

    @GuardedBy("this")
    private void move(EventLoop target) {
        if (!current.equals(target)) {
            current = target;
            members.forEach(member -> member.moveTo(target));
        }
    }
}
