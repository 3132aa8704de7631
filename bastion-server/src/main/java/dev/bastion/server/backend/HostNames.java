package dev.bastion.server.backend;

import dev.bastion.server.transport.Waits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds addresses by name within a time limit. A lookup cannot be stopped and holds the thread that
 * makes it, so it is made on one of a few platform threads; those who ask for the same name share
 * one. When all of these hang, further names wait for one, each within its limit.
 *
 * <p>Thread-safe. Asking blocks: virtual threads only.
 */
final class HostNames implements AutoCloseable {

    /** Where names are looked up. */
    interface Resolver {

        /** Blocks, however long it takes. */
        InetAddress resolve(String name) throws UnknownHostException;
    }

    private static final int THREADS = 16;
    private static final int WAITING = 1000;
    private static final long IDLE_SECONDS = 30;

    private final Resolver resolver;
    private final ThreadPoolExecutor threads;
    private final Map<String, CompletableFuture<InetAddress>> lookups = new ConcurrentHashMap<>();

    HostNames(Resolver resolver) {
        this.resolver = resolver;
        this.threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING),
                        Thread.ofPlatform().daemon().name("name-lookup-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * The address of a host.
     *
     * @param address a name, or an address as text, which needs no lookup
     * @throws UnknownHostException when there is none
     * @throws TimeoutException when it was not found in time
     * @throws java.util.concurrent.CancellationException when the wait was given up
     */
    InetAddress find(String address, Duration limit, Waits waits)
            throws UnknownHostException, TimeoutException, InterruptedException {
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            return lookUp(address, limit, waits);
        }
    }

    private InetAddress lookUp(String name, Duration limit, Waits waits)
            throws UnknownHostException, TimeoutException, InterruptedException {
        try {
            // Of a copy: others may wait for the same.
            CompletableFuture<InetAddress> found =
                    lookups.computeIfAbsent(name, this::begin).copy();
            try (var _ = waits.begin(() -> found.cancel(false))) {
                return found.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException e) {
            UnknownHostException unknown = new UnknownHostException(name);
            unknown.initCause(e.getCause());
            throw unknown;
        } catch (RejectedExecutionException e) {
            throw new TimeoutException("too many names are looked up");
        }
    }

    private CompletableFuture<InetAddress> begin(String name) {
        CompletableFuture<InetAddress> found = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                found.complete(resolver.resolve(name));
            } catch (UnknownHostException | RuntimeException e) {
                found.completeExceptionally(e);
            } finally {
                lookups.remove(name, found);
            }
        });
        return found;
    }

    /** Waits for no lookup. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
