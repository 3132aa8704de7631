package dev.bastion.server.backend;

import dev.bastion.server.transport.KeyExchanges;
import dev.bastion.server.transport.RelayedChannel;
import java.io.IOException;
import java.util.List;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientConnectionService;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.future.KeyExchangeFuture;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** MINA's connection to a host, with {@link KeyExchanges} of its own. */
final class HostLink extends ClientSessionImpl {

    private HostLink(ClientFactoryManager client, IoSession socket) throws Exception {
        super(client, socket);
    }

    /** All connections of a client are of this kind. */
    static void installIn(SshClient client) {
        client.setSessionFactory(
                new SessionFactory(client) {
                    @Override
                    protected ClientSessionImpl doCreateSession(IoSession socket) throws Exception {
                        return new HostLink(getClient(), socket);
                    }
                });
        client.setServiceFactories(
                List.of(ClientUserAuthServiceFactory.INSTANCE, new Connections()));
    }

    /** What comes after logging in. */
    private static final class Connections extends ClientConnectionServiceFactory {

        @Override
        public Service create(Session session) throws IOException {
            return new ClientConnectionService((HostLink) session) {
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
