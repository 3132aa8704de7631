package dev.bastion.server.transport.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections of operators. */
final class LoopAcceptor extends LoopService implements IoAcceptor {

    private static final Logger LOG = LoggerFactory.getLogger(LoopAcceptor.class);

    /** How long nothing is accepted after an accept that failed: no file descriptor is free. */
    private static final long PAUSE_MILLIS = 200;

    /** The sockets that are listened on, and the loops that hold them open. */
    private record Bound(ServerSocketChannel server, EventLoop loop) {}

    private final Map<SocketAddress, Bound> bound = new ConcurrentHashMap<>();

    LoopAcceptor(IoHandler handler, EventLoops loops, SocketOptions options) {
        super(handler, loops, options);
    }

    @Override
    public void bind(Collection<? extends SocketAddress> addresses) throws IOException {
        for (SocketAddress address : addresses) {
            bind(address);
        }
    }

    @Override
    public void bind(SocketAddress address) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.configureBlocking(false);
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, options.backlog());
            SocketAddress local = server.getLocalAddress();
            EventLoop loop = loops.handshake();
            bound.put(local, new Bound(server, loop));
            loop.execute(() -> listen(server, loop, local));
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen(ServerSocketChannel server, EventLoop loop, SocketAddress local) {
        try {
            server.register(
                    loop.selector(), SelectionKey.OP_ACCEPT, new Accepting(server, loop, local));
        } catch (ClosedChannelException e) {
            LOG.trace("{} was unbound before it was served", local, e);
        }
    }

    @Override
    public void unbind(Collection<? extends SocketAddress> addresses) {
        addresses.forEach(this::unbind);
    }

    @Override
    public void unbind(SocketAddress address) {
        Bound listening = bound.remove(address);
        if (listening != null) {
            try {
                listening.server.close();
                listening.loop.wakeup();
            } catch (IOException e) {
                LOG.warn("{} could not be closed", address, e);
            }
        }
    }

    @Override
    public void unbind() {
        unbind(List.copyOf(bound.keySet()));
    }

    @Override
    public Set<SocketAddress> getBoundAddresses() {
        return Set.copyOf(bound.keySet());
    }

    @Override
    protected void preClose() {
        unbind();
        super.preClose();
    }

    /** One address that is listened on. On its loop's thread. */
    private final class Accepting implements EventLoop.Ready {

        private final ServerSocketChannel server;
        private final EventLoop loop;
        private final SocketAddress local;

        Accepting(ServerSocketChannel server, EventLoop loop, SocketAddress local) {
            this.server = server;
            this.loop = loop;
            this.local = local;
        }

        @Override
        public void ready(SelectionKey key) {
            SocketChannel socket;
            try {
                socket = server.accept();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("a connection could not be accepted: {}", e.getMessage());
                pause(key);
                return;
            }
            if (socket != null) {
                EventLoop home = loops.handshake();
                home.execute(() -> accepted(socket, home));
            }
        }

        private void pause(SelectionKey key) {
            key.interestOps(0);
            CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, loop)
                    .execute(() -> {
                        if (key.isValid()) {
                            key.interestOps(SelectionKey.OP_ACCEPT);
                        }
                    });
        }

        private void accepted(SocketChannel socket, EventLoop home) {
            LoopSession session = null;
            IoServiceEventListener events = getIoServiceEventListener();
            SocketAddress remote = null;
            try {
                remote = socket.getRemoteAddress();
                if (events != null) {
                    events.connectionAccepted(LoopAcceptor.this, local, remote, local);
                }
                socket.configureBlocking(false);
                options.applyTo(socket);
                session = new LoopSession(LoopAcceptor.this, home, socket, local);
                if (!session.begin()) {
                    throw new ClosedChannelException();
                }
            } catch (Exception e) {
                LOG.debug("a connection was not taken", e);
                aborted(events, remote, e);
                if (session != null) {
                    session.close(true);
                }
                closeQuietly(socket);
            }
        }

        private void aborted(
                @Nullable IoServiceEventListener events,
                @Nullable SocketAddress remote,
                Exception reason) {
            if (events == null || remote == null) {
                return;
            }
            try {
                events.abortAcceptedConnection(LoopAcceptor.this, local, remote, local, reason);
            } catch (IOException e) {
                LOG.debug("the end of a connection that was not taken was not heard", e);
            }
        }

        private static void closeQuietly(SocketChannel socket) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.trace("closing a connection that was not taken", e);
            }
        }

        @Override
        public void loopClosed() {
            unbind(local);
        }
    }
}
