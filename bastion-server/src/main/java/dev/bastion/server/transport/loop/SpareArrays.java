package dev.bastion.server.transport.loop;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;

/**
 * Arrays for full packets that were sent and can carry the next ones: new ones would have to be
 * zeroed first, and be fetched into the processor's caches. The one that came back last is given
 * out first. At most {@link #MOST} lie here, some 1 MiB. Thread-safe.
 */
public final class SpareArrays {

    /** A full packet of 32 KiB of data with its headers, padding and authentication. */
    public static final int BYTES = 32 * 1024 + 512;

    private static final int MOST = 32;

    @GuardedBy("this")
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

    /** One of {@link #BYTES}, with anything in it. */
    public synchronized byte[] take() {
        byte[] array = spare.poll();
        return array == null ? new byte[BYTES] : array;
    }

    /** Gives one back that nobody uses any more; one of another length is left alone. */
    public synchronized void giveBack(byte[] array) {
        if (array.length == BYTES && spare.size() < MOST) {
            spare.push(array);
        }
    }
}
