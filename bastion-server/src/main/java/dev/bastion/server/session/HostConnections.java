package dev.bastion.server.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.backend.HostConnectResult;
import dev.bastion.server.backend.HostConnection;
import dev.bastion.server.backend.HostConnector;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.transport.Waits;
import dev.bastion.server.vault.Credential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
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
        final Waits waits = new Waits();
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
     * A place for one session, of which a host allows only some on one connection; connects when
     * there is none. Blocks: virtual threads only.
     *
     * @param own of the session; when they are given up so is this, and the connection, too, when
     *     nobody else wants it
     * @throws dev.bastion.server.vault.VaultException when the credential does not open
     */
    Got useForSession(Target target, Waits own) {
        return use(target, true, own);
    }

    /**
     * A place for anything else; connects when there is none, and waits for it while the operator's
     * connection is there. Blocks: virtual threads only.
     *
     * @throws dev.bastion.server.vault.VaultException when the credential does not open
     */
    Got use(Target target) {
        return use(target, false, new Waits());
    }

    private Got use(Target target, boolean session, Waits own) {
        Shared shared = null;
        boolean first = false;
        synchronized (this) {
            if (closed || own.areGivenUp()) {
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
            // On a thread of its own: whoever wanted it first may go while others wait for it.
            Shared made = shared;
            Thread.ofVirtual().name("connect-" + target).start(() -> connect(made));
        }
        CompletableFuture<HostConnectResult> awaited = shared.made.copy();
        HostConnectResult result;
        try (var _ = own.begin(() -> awaited.cancel(false))) {
            result = awaited.join();
        } catch (CancellationException e) {
            release(shared, session);
            return Failed.CLIENT_GONE;
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
            shared.made.complete(hosts.connect(shared.target, credential, shared.waits));
        } catch (RuntimeException | Error e) {
            // Whoever waits for it must hear of it.
            shared.made.completeExceptionally(e);
        }
    }

    private void release(Shared shared, boolean session) {
        boolean useless;
        long idle;
        synchronized (this) {
            shared.uses--;
            shared.sessions -= session ? 1 : 0;
            if (shared.uses > 0) {
                return;
            }
            idle = ++shared.generation;
            useless = closed || !shared.made.isDone() || !shared.isAlive();
            if (useless) {
                connections.remove(shared);
            }
        }
        if (useless) {
            shared.waits.giveUp();
            var _ = shared.made.thenRun(() -> end(shared));
        } else {
            CompletableFuture.delayedExecutor(
                            LINGER.toMillis(),
                            TimeUnit.MILLISECONDS,
                            Thread.ofVirtual().name("end-idle")::start)
                    .execute(() -> endIdle(shared, idle));
        }
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
        List<Shared> all;
        List<Shared> idle;
        synchronized (this) {
            closed = true;
            all = List.copyOf(connections);
            idle = all.stream().filter(shared -> shared.uses == 0).toList();
            connections.removeAll(idle);
        }
        idle.forEach(HostConnections::end);
        all.forEach(shared -> shared.waits.giveUp());
    }

    /** Whether the operator's connection is gone. */
    synchronized boolean isClosed() {
        return closed;
    }
}
