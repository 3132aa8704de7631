package dev.bastion.server.backend;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.SessionRequest;
import dev.bastion.server.relay.Terminal;
import dev.bastion.server.transport.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A session channel on a host, in which something can be started, once. */
public final class HostSession implements AutoCloseable {

    private final HostChannel channel;
    private final Duration timeLimit;
    private final Waits.Wait wait;

    /**
     * @param wait gives the channel up, until something was started in it
     */
    HostSession(HostChannel channel, Duration timeLimit, Waits.Wait wait) {
        this.channel = channel;
        this.timeLimit = timeLimit;
        this.wait = wait;
    }

    /**
     * Starts what the operator asked for. Output may reach the relay before this returns; input may
     * be handed over after it. Blocks: virtual threads only.
     *
     * @param join makes the relay for the host's end
     * @throws HostRefusedException when the host does not do it
     */
    public Relay start(SessionRequest request, Function<ChannelEnd, Relay> join)
            throws HostRefusedException {
        try {
            Relay relay = join.apply(channel.end());
            channel.bind(relay);
            Terminal terminal = request.terminal();
            @Nullable CompletableFuture<Boolean> pty =
                    terminal == null ? null : channel.ask(terminal.request());
            for (ChannelRequest variable : request.environment()) {
                channel.tell(variable);
            }
            CompletableFuture<Boolean> start = channel.ask(request.start());
            if (pty != null && !answer(pty)) {
                throw refused("the host gave no terminal");
            }
            if (!answer(start)) {
                throw refused("the host did not start the " + request.kind());
            }
            // From here on the relay hears when the operator is gone.
            wait.close();
            return relay;
        } catch (IOException | TimeoutException | ExecutionException e) {
            throw refused("the host did not start the " + request.kind());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("the session was ended while it began");
        }
    }

    private boolean answer(CompletableFuture<Boolean> asked)
            throws InterruptedException, ExecutionException, TimeoutException {
        return asked.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private HostRefusedException refused(String sentence) {
        channel.close(true);
        return new HostRefusedException(sentence);
    }

    /**
     * Tells the host, before anything is started, that programs may speak with the operator's agent
     * (draft-ietf-sshm-ssh-agent section 5.2).
     */
    public void offerAgent() throws HostRefusedException {
        try {
            channel.tell(new ChannelRequest("auth-agent-req@openssh.com", false, new byte[0]));
        } catch (IOException e) {
            throw refused("the host did not open a session");
        }
    }

    /** Gives up the channel, when nothing was started. Idempotent. */
    @Override
    public void close() {
        wait.close();
        channel.close(false);
    }
}
