package dev.bastion.server.tap;

import dev.bastion.server.relay.RelayTap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Lets everything through and counts it: the tap of a forwarded connection. Thread-safe. */
public final class CountingTap implements RelayTap {

    private final AtomicLong toHost = new AtomicLong();
    private final AtomicLong toOperator = new AtomicLong();

    @Override
    public void toHost(byte[] bytes, int offset, int length, Passage passage) {
        toHost.addAndGet(length);
        passage.pass(offset, length, null);
    }

    @Override
    public void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage) {
        toOperator.addAndGet(length);
        passage.pass(offset, length, null);
    }

    @Override
    public CompletableFuture<?> ended() {
        return CompletableFuture.completedFuture(null);
    }

    public long bytesToHost() {
        return toHost.get();
    }

    public long bytesToOperator() {
        return toOperator.get();
    }
}
