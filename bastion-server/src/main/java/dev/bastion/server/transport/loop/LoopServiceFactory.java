package dev.bastion.server.transport.loop;

import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;

/** The transport of one server or client. Thread-safe. */
final class LoopServiceFactory extends AbstractCloseable implements IoServiceFactory {

    private final FactoryManager manager;
    private final EventLoops loops;
    private volatile @Nullable IoServiceEventListener listener;

    LoopServiceFactory(FactoryManager manager, EventLoops loops) {
        this.manager = manager;
        this.loops = loops;
        this.listener = manager.getIoServiceEventListener();
    }

    @Override
    public IoConnector createConnector(IoHandler handler) {
        LoopConnector connector = new LoopConnector(handler, loops, SocketOptions.of(manager));
        connector.setIoServiceEventListener(listener);
        return connector;
    }

    @Override
    public IoAcceptor createAcceptor(IoHandler handler) {
        LoopAcceptor acceptor = new LoopAcceptor(handler, loops, SocketOptions.of(manager));
        acceptor.setIoServiceEventListener(listener);
        return acceptor;
    }

    @Override
    public @Nullable IoServiceEventListener getIoServiceEventListener() {
        return listener;
    }

    @Override
    public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
        this.listener = listener;
    }
}
