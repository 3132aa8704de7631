package dev.bastion.server.gateway;

import dev.bastion.server.transport.KeyExchanges;
import dev.bastion.server.transport.RelayedChannel;
import java.io.IOException;
import java.util.List;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.future.KeyExchangeFuture;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerConnectionService;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.jspecify.annotations.Nullable;

/** MINA's connection with an operator's client, with {@link KeyExchanges} of its own. */
final class OperatorSession extends ServerSessionImpl {

    private OperatorSession(ServerFactoryManager server, IoSession socket) throws Exception {
        super(server, socket);
    }

    /** All connections of a server are of this kind. */
    static void installIn(SshServer server) {
        server.setSessionFactory(
                new SessionFactory(server) {
                    @Override
                    protected ServerSessionImpl doCreateSession(IoSession socket) throws Exception {
                        return new OperatorSession(getServer(), socket);
                    }
                });
        server.setServiceFactories(List.of(new UnprovedJump.Services(), new Connections()));
    }

    /** What comes after logging in. */
    private static final class Connections extends ServerConnectionServiceFactory {

        @Override
        public Service create(Session session) throws IOException {
            return new ServerConnectionService((OperatorSession) session) {
                @Override
                public void channelOpenFailure(Buffer buffer) throws IOException {
                    if (!RelayedChannel.takesRefusal(this, buffer)) {
                        super.channelOpenFailure(buffer);
                    }
                }
            };
        }
    }

    @Override
    protected KeyExchangeMessageHandler initializeKeyExchangeMessageHandler() {
        return new KeyExchanges(this, log);
    }

    @Override
    protected @Nullable KeyExchangeFuture checkRekey() {
        if (isRekeyRequired() && kexHandler instanceof KeyExchanges exchanges) {
            exchanges.begin(super::checkRekey);
        }
        return null;
    }
}
