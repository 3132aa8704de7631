package dev.bastion.server.transport.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.io.DefaultIoConnectFuture;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections to hosts. A connect has no time limit of its own; cancelling its future ends it. */
final class LoopConnector extends LoopService implements IoConnector {

    private static final Logger LOG = LoggerFactory.getLogger(LoopConnector.class);

    LoopConnector(IoHandler handler, EventLoops loops, SocketOptions options) {
        super(handler, loops, options);
    }

    @Override
    public IoConnectFuture connect(
            SocketAddress address,
            @Nullable AttributeRepository context,
            @Nullable SocketAddress localAddress) {
        IoConnectFuture future = new DefaultIoConnectFuture(address, null);
        SocketChannel socket = null;
        try {
            socket = SocketChannel.open();
            socket.configureBlocking(false);
            options.applyTo(socket);
            if (localAddress != null) {
                socket.bind(localAddress);
            }
            EventLoop loop = loops.handshake();
            Connecting connecting = new Connecting(socket, loop, future, context);
            future.addListener(connecting::ended);
            if (socket.connect(address)) {
                loop.execute(connecting::connected);
            } else {
                loop.execute(connecting::await);
            }
        } catch (IOException | RuntimeException e) {
            closeQuietly(socket);
            future.setException(e);
        }
        return future;
    }

    private static void closeQuietly(@Nullable SocketChannel socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.trace("a connection that was not made did not close", e);
            }
        }
    }

    /** A connect under way. All but {@link #ended} on the loop's thread. */
    private final class Connecting implements EventLoop.Ready {

        private final SocketChannel socket;
        private final EventLoop loop;
        private final IoConnectFuture future;
        private final @Nullable AttributeRepository context;

        Connecting(
                SocketChannel socket,
                EventLoop loop,
                IoConnectFuture future,
                @Nullable AttributeRepository context) {
            this.socket = socket;
            this.loop = loop;
            this.future = future;
            this.context = context;
        }

        void await() {
            try {
                socket.register(loop.selector(), SelectionKey.OP_CONNECT, this);
            } catch (IOException e) {
                failed(e);
            }
        }

        @Override
        public void ready(SelectionKey key) {
            try {
                if (socket.finishConnect()) {
                    key.interestOps(0);
                    connected();
                }
            } catch (IOException e) {
                failed(e);
            }
        }

        private void connected() {
            LoopSession session = null;
            try {
                IoServiceEventListener events = getIoServiceEventListener();
                if (events != null) {
                    events.connectionEstablished(
                            LoopConnector.this,
                            socket.getLocalAddress(),
                            context,
                            socket.getRemoteAddress());
                }
                session = new LoopSession(LoopConnector.this, loop, socket, null);
                if (context != null) {
                    session.setAttribute(AttributeRepository.class, context);
                }
                if (!session.begin()) {
                    throw new IOException("the client has been stopped");
                }
                future.setSession(session);
                if (future.getSession() != session) {
                    session.close(true);
                }
            } catch (Exception e) {
                if (session != null) {
                    session.close(true);
                }
                failed(e);
            }
        }

        private void failed(Exception failure) {
            closeQuietly(socket);
            future.setException(failure);
        }

        /** The future has its result; when that is a cancellation the socket is not wanted. */
        void ended(IoConnectFuture result) {
            if (result.isCanceled()) {
                closeQuietly(socket);
                loop.wakeup();
            }
        }

        @Override
        public void loopClosed() {
            failed(new IOException("the client has been stopped"));
        }
    }
}
