package dev.bastion.server.session;

import dev.bastion.audit.AuditLogException;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for the end of a relay, and keeps what the host said of its process. Thread-safe. */
final class Ending implements Relay.Listener {

    private final CompletableFuture<RelayEnd> over = new CompletableFuture<>();
    private volatile @Nullable ChannelRequest exit;
    private volatile CompletableFuture<?> recorded = CompletableFuture.completedFuture(null);
    private final Consumer<ChannelRequest> refused;

    /** Where nobody wants to know of what was refused. */
    Ending() {
        this(_ -> {});
    }

    /**
     * @param refused told of each request of the operator's that was not passed on; must not block
     */
    Ending(Consumer<ChannelRequest> refused) {
        this.refused = refused;
    }

    @Override
    public void refused(ChannelRequest request) {
        refused.accept(request);
    }

    @Override
    public void exited(ChannelRequest said) {
        exit = said;
    }

    @Override
    public void ended(RelayEnd end, CompletableFuture<?> lines) {
        recorded = lines;
        over.complete(end);
    }

    RelayEnd await() {
        try {
            return over.get();
        } catch (InterruptedException e) {
            return RelayEnd.SHUTDOWN;
        } catch (ExecutionException e) {
            throw new AuditLogException("the end of a relay was lost", e);
        }
    }

    @Nullable ChannelRequest exit() {
        return exit;
    }

    /** Completes when what the session had to record is durable, or can never be. */
    CompletableFuture<?> recorded() {
        return recorded;
    }
}
