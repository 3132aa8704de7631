package dev.bastion.server.backend;

import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.transport.RelayedChannel;
import dev.bastion.server.transport.Waits;
import dev.bastion.server.transport.loop.LoopSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated connection to a host. Its methods block: virtual threads only. Whoever got it
 * closes it.
 */
public final class HostConnection implements AutoCloseable {

    /** How long a host may take to let its connection be closed. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private static final AttributeKey<HostOpener> OPENER = new AttributeKey<>();

    private final ClientSession session;
    private final Duration timeLimit;
    private final Waits waits;

    /**
     * @param timeLimit how long the host may take for an answer
     * @param waits of all for whom it is; when they are given up nobody waits for an answer
     */
    HostConnection(ClientSession session, Duration timeLimit, Waits waits) {
        this.session = session;
        this.timeLimit = timeLimit;
        this.waits = waits;
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
     * @param own of whoever wants it; when they are given up before anything was started in it, so
     *     is the channel
     * @throws HostRefusedException when the host does not do it, for now or at all
     */
    public HostSession openSession(Waits own) throws HostRefusedException {
        HostChannel channel = new HostChannel();
        Waits.Wait wait = null;
        try {
            session.getService(ConnectionService.class).registerChannel(channel);
            wait = own.begin(() -> channel.close(true));
            channel.open().verify(timeLimit);
            return new HostSession(channel, timeLimit, wait);
        } catch (IOException | IllegalStateException e) {
            if (wait != null) {
                wait.close();
            }
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

    /** Lets the host open channels towards the operator, as this decides; before, it may not. */
    public void opensChannels(HostOpener opener) {
        session.setAttribute(OPENER, opener);
    }

    /**
     * Tells when the connection is gone, and why; at once if it is gone already. What is told runs
     * on any thread and must not block.
     */
    public void whenGone(Consumer<RelayEnd> told) {
        session.addCloseFutureListener(_ -> told.accept(HostChannel.lost(session)));
    }

    /** A channel that the host opens; none when it may open none. */
    static @Nullable Channel openedByHost(Session session, String type) {
        HostOpener opener = session.getAttribute(OPENER);
        return opener == null
                ? null
                : new RelayedChannel(
                        type,
                        HostChannel::lost,
                        (channel, data) -> opener.opening(type, channel, data));
    }

    /**
     * Asks the host for something of the whole connection (RFC 4254 section 4).
     *
     * @return what the host answers with; exceptionally when it refuses, does not answer in time,
     *     or the operator is gone
     */
    public CompletableFuture<byte[]> ask(String request, byte[] data) {
        CompletableFuture<byte[]> answered = new CompletableFuture<>();
        try {
            Buffer packet = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
            packet.putString(request);
            packet.putBoolean(true);
            packet.putRawBytes(data);
            session.request(
                    packet,
                    request,
                    (command, answer) -> {
                        if (command == SshConstants.SSH_MSG_REQUEST_SUCCESS) {
                            byte[] bytes = new byte[answer.available()];
                            answer.getRawBytes(bytes);
                            answered.complete(bytes);
                        } else {
                            answered.completeExceptionally(
                                    new HostRefusedException("the host refuses " + request));
                        }
                    });
        } catch (IOException e) {
            answered.completeExceptionally(e);
        }
        Waits.Wait wait =
                waits.begin(() ->
                        answered.completeExceptionally(
                                new HostRefusedException("nobody waits for the answer any more")));
        var _ = answered.whenComplete((_, _) -> wait.close());
        return answered.orTimeout(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets what was said last go out, but waits for no host that hangs. Does not block. */
    @Override
    public void close() {
        session.close(false);
        CompletableFuture.delayedExecutor(
                        FAREWELL.toMillis(),
                        TimeUnit.MILLISECONDS,
                        Thread.ofVirtual().name("farewell")::start)
                .execute(() -> session.close(true));
    }
}
