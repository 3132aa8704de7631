package dev.bastion.server.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.backend.HostConnectResult;
import dev.bastion.server.backend.HostConnection;
import dev.bastion.server.backend.HostConnector;
import dev.bastion.server.backend.Waits;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.vault.Credential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The connections to hosts that one operator's connection uses. Its sessions to the same target
 * share one, as they would with OpenSSH's own ControlMaster, and one that nobody uses stays for a
 * while: a client that runs many short commands logs in to the host once.
 *
 * <p>Thread-safe. A connection is to the target as it was when it was made: another address or
 * other host keys make another one. What may be done over it is decided for each session anew.
 */
public final class HostConnections implements AutoCloseable {

    /** How long a connection stays that nobody uses. */
    private static final Duration LINGER = Duration.ofSeconds(20);

    /** OpenSSH's server lets that many sessions use one connection (MaxSessions). */
    private static final int SESSIONS = 10;

    private final HostConnector hosts;
    private final CredentialStore credentials;
    private final Waits waits = new Waits();

    @GuardedBy("this")
    private final List<Shared> connections = new ArrayList<>();

    @GuardedBy("this")
    private boolean closed;

    public HostConnections(HostConnector hosts, CredentialStore credentials) {
        this.hosts = hosts;
        this.credentials = credentials;
    }

    /** A connection, and how many use it. Its counters are guarded by the outer object. */
    private static final class Shared {
        final Target target;
        final CompletableFuture<HostConnectResult> made = new CompletableFuture<>();
        int uses;
        int sessions;
        int room = SESSIONS;
        long generation;

        Shared(Target target) {
            this.target = target;
        }

        boolean isAlive() {
            return !made.isDone()
                    || (!made.isCompletedExceptionally()
                            && made.resultNow() instanceof HostConnectResult.Connected connected
                            && connected.connection().isOpen());
        }
    }

    /** What came of asking for a connection. */
    sealed interface Got {}

    /**
     * @param reason one word for scripts
     * @param sentence for the operator
     */
    record Failed(String reason, String sentence) implements Got {

        /** Whatever else came of it: nobody is there any more whom it would tell anything. */
        static final Failed CLIENT_GONE = new Failed("closed-by-client", "the client is gone");
    }

    /** A place on a connection, until it is closed. */
    final class Use implements Got, AutoCloseable {

        private final Shared shared;
        private final HostConnection connection;
        private final boolean session;
        private final boolean first;

        private Use(Shared shared, HostConnection connection, boolean session, boolean first) {
            this.shared = shared;
            this.connection = connection;
            this.session = session;
            this.first = first;
        }

        HostConnection connection() {
            return connection;
        }

        /**
         * The host opened no session here.
         *
         * @return whether another connection may do: on this one others have, or had, theirs
         */
        boolean isFull() {
            synchronized (HostConnections.this) {
                shared.room = Math.min(shared.room, shared.sessions - 1);
                return !first || shared.sessions > 1;
            }
        }

        @Override
        public void close() {
            release(shared, session);
        }
    }

    /**
     * A place on a connection to a target; connects when there is none. Blocks: virtual threads
     * only.
     *
     * @param session whether it is for a session, of which a host allows only some
     * @throws dev.bastion.server.vault.VaultException when the credential does not open
     */
    Got use(Target target, boolean session) {
        Shared shared = null;
        boolean first = false;
        synchronized (this) {
            if (closed) {
                return Failed.CLIENT_GONE;
            }
            connections.removeIf(other -> other.uses == 0 && !other.isAlive());
            for (Shared other : connections) {
                if (other.target.equals(target)
                        && (!session || other.sessions < other.room)
                        && other.isAlive()) {
                    shared = other;
                }
            }
            if (shared == null) {
                shared = new Shared(target);
                connections.add(shared);
                first = true;
            }
            shared.uses++;
            shared.sessions += session ? 1 : 0;
        }
        if (first) {
            connect(shared);
        }
        HostConnectResult result;
        try {
            result = shared.made.join();
        } catch (CompletionException e) {
            release(shared, session);
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        return switch (result) {
            case HostConnectResult.Connected connected ->
                    new Use(shared, connected.connection(), session, first);
            case HostConnectResult.Failed failed -> {
                release(shared, session);
                yield isClosed()
                        ? Failed.CLIENT_GONE
                        : new Failed(failed.reason(), failed.sentence());
            }
        };
    }

    private void connect(Shared shared) {
        try (Credential credential = credentials.credentialFor(shared.target)) {
            shared.made.complete(hosts.connect(shared.target, credential, waits));
        } catch (RuntimeException e) {
            shared.made.completeExceptionally(e);
        }
    }

    private void release(Shared shared, boolean session) {
        long idle;
        synchronized (this) {
            shared.uses--;
            shared.sessions -= session ? 1 : 0;
            if (shared.uses > 0) {
                return;
            }
            idle = ++shared.generation;
            if (closed || !shared.isAlive()) {
                connections.remove(shared);
                end(shared);
                return;
            }
        }
        CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> endIdle(shared, idle));
    }

    private void endIdle(Shared shared, long idle) {
        synchronized (this) {
            if (shared.uses > 0 || shared.generation != idle) {
                return;
            }
            connections.remove(shared);
        }
        end(shared);
    }

    private static void end(Shared shared) {
        if (shared.made.isDone()
                && !shared.made.isCompletedExceptionally()
                && shared.made.resultNow() instanceof HostConnectResult.Connected connected) {
            connected.connection().close();
        }
    }

    /**
     * Ends those that nobody uses, and the others when they are no longer used: the operator's
     * connection is gone, and its sessions end by that. What is waited for at a host is given up.
     */
    @Override
    public void close() {
        List<Shared> idle;
        synchronized (this) {
            closed = true;
            idle = connections.stream().filter(shared -> shared.uses == 0).toList();
            connections.removeAll(idle);
        }
        idle.forEach(HostConnections::end);
        waits.giveUp();
    }

    /** Whether the operator's connection is gone. */
    synchronized boolean isClosed() {
        return closed;
    }
}
