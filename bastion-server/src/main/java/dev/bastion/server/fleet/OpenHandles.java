package dev.bastion.server.fleet;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The client's handles. Confined. */
final class OpenHandles {

    /** Handles, beyond which no more are asked for. */
    static final int LIMIT = 4_096;

    private final Map<Integer, OpenHandle> open = new HashMap<>();
    private int last;

    boolean isFull() {
        return open.size() >= LIMIT;
    }

    /** Gives it a handle. */
    byte[] add(OpenHandle opened) {
        do {
            last++;
        } while (open.containsKey(last));
        open.put(last, opened);
        return ByteBuffer.allocate(Integer.BYTES).putInt(last).array();
    }

    /** Nothing when it is no handle of these. */
    @Nullable OpenHandle get(byte[] handle) {
        return handle.length == Integer.BYTES ? open.get(number(handle)) : null;
    }

    void remove(byte[] handle) {
        open.remove(number(handle));
    }

    private static int number(byte[] handle) {
        return ByteBuffer.wrap(handle).getInt();
    }
}
