package dev.bastion.server.backend;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.SessionRequest;
import dev.bastion.server.relay.Terminal;
import dev.bastion.server.transport.loop.LoopSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.session.ConnectionService;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated connection to a host, for one session. Its methods block: virtual threads only.
 * Whoever got it closes it.
 */
public final class HostConnection implements AutoCloseable {

    private final ClientSession session;
    private final Duration timeLimit;

    HostConnection(ClientSession session, Duration timeLimit) {
        this.session = session;
        this.timeLimit = timeLimit;
    }

    /**
     * Opens a session channel and starts in it what the operator asked for. Output may reach the
     * relay before this returns; input may be handed over after it.
     *
     * @param join makes the relay for the host's end
     * @param operator the operator's socket; the host's is served by the same thread from now on
     * @throws HostRefusedException when the host does not do it
     */
    public Relay open(
            SessionRequest request,
            @Nullable LoopSession operator,
            Function<ChannelEnd, Relay> join)
            throws HostRefusedException {
        LoopSession socket = LoopSession.of(session);
        if (socket != null && operator != null) {
            socket.moveBeside(operator);
        }
        HostChannel channel = new HostChannel();
        try {
            session.getService(ConnectionService.class).registerChannel(channel);
            Relay relay = join.apply(channel.end());
            channel.bind(relay);
            channel.open().verify(timeLimit);
            Terminal terminal = request.terminal();
            @Nullable CompletableFuture<Boolean> pty =
                    terminal == null ? null : channel.ask(terminal.request());
            for (ChannelRequest variable : request.environment()) {
                channel.tell(variable);
            }
            CompletableFuture<Boolean> start = channel.ask(request.start());
            if (pty != null && !answer(pty)) {
                throw refused(channel, "the host gave no terminal");
            }
            if (!answer(start)) {
                throw refused(channel, "the host did not start the " + request.kind());
            }
            return relay;
        } catch (IOException | TimeoutException | ExecutionException e) {
            throw refused(channel, "the host did not open a session");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(channel, "the session was ended while it began");
        }
    }

    private boolean answer(CompletableFuture<Boolean> asked)
            throws InterruptedException, ExecutionException, TimeoutException {
        return asked.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static HostRefusedException refused(HostChannel channel, String sentence) {
        channel.close(true);
        return new HostRefusedException(sentence);
    }

    @Override
    public void close() {
        session.close(false);
    }
}
