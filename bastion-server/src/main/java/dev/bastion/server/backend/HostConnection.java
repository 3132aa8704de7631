package dev.bastion.server.backend;

import dev.bastion.server.transport.RelayedChannel;
import dev.bastion.server.transport.loop.LoopSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.session.ConnectionService;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated connection to a host. Its methods block: virtual threads only. Whoever got it
 * closes it.
 */
public final class HostConnection implements AutoCloseable {

    /** How long a host may take to let its connection be closed. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final ClientSession session;
    private final Duration timeLimit;

    HostConnection(ClientSession session, Duration timeLimit) {
        this.session = session;
        this.timeLimit = timeLimit;
    }

    /** Whether channels can be opened on it. */
    public boolean isOpen() {
        return session.isOpen();
    }

    /** The host's socket is served by the thread that serves the operator's, from soon on. */
    public void moveBeside(@Nullable LoopSession operator) {
        LoopSession socket = LoopSession.of(session);
        if (socket != null && operator != null) {
            socket.moveBeside(operator);
        }
    }

    /**
     * Opens a session channel, in which nothing runs yet.
     *
     * @throws HostRefusedException when the host does not do it, for now or at all
     */
    public HostSession openSession() throws HostRefusedException {
        HostChannel channel = new HostChannel();
        try {
            session.getService(ConnectionService.class).registerChannel(channel);
            channel.open().verify(timeLimit);
            return new HostSession(channel, timeLimit);
        } catch (IOException e) {
            channel.close(true);
            throw new HostRefusedException("the host did not open a session");
        }
    }

    /**
     * A channel that is to be opened at the host, of a kind that has no requests.
     *
     * @param type e.g. {@code direct-tcpip}
     */
    public RelayedChannel channel(String type) throws IOException {
        RelayedChannel channel = new RelayedChannel(type, HostChannel::lost);
        session.getService(ConnectionService.class).registerChannel(channel);
        return channel;
    }

    /** Lets what was said last go out, but waits for no host that hangs. Does not block. */
    @Override
    public void close() {
        session.close(false);
        CompletableFuture.delayedExecutor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> session.close(true));
    }
}
