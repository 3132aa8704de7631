package dev.bastion.server.backend;

import dev.bastion.server.transport.KeyExchanges;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.future.KeyExchangeFuture;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
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
