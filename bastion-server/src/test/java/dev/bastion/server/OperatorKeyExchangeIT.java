package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.server.RawConnection.RawChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Key exchange at the operators' door with clients that the OpenSSH of this machine is not. */
@TestInstance(Lifecycle.PER_CLASS)
final class OperatorKeyExchangeIT {

    private final RunningBastion bastion;

    OperatorKeyExchangeIT(@TempDir Path folder) {
        bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void isPostQuantumWithTheMethodOfTodaysClients() throws Exception {
        try (RawConnection client =
                connect(settings ->
                        settings.setKeyExchangeFactories(
                                NamedFactory.setUpTransformedFactories(
                                        false,
                                        List.of(BuiltinDHFactories.mlkem768x25519),
                                        ClientBuilder.DH2KEX)))) {
            RawChannel shell = client.open("session", new byte[0]);
            assertThat(shell.outcome()).isEqualTo("open");
        }
    }

    /**
     * Threat: someone between the two puts a packet before the keys, so that one behind them can be
     * left out unseen (CVE-2023-48795). A strict exchange ends at such a packet; the same packet in
     * an exchange that is not strict does no harm to it.
     */
    @Test
    void endsAtAPacketThatIsPutIntoAStrictExchange() throws Exception {
        assertThatThrownBy(() -> connect(settings -> puttingOneIn(settings, true)))
                .isInstanceOf(IOException.class);

        try (RawConnection client = connect(settings -> puttingOneIn(settings, false))) {
            assertThat(client.isOpen()).isTrue();
        }
    }

    private RawConnection connect(Consumer<SshClient> setting) throws Exception {
        return new RawConnection("alice", bastion.port(), bastion.key("alice"), setting);
    }

    private static void puttingOneIn(SshClient settings, boolean strict) {
        settings.setSessionFactory(new Inserting(settings, strict));
    }

    /** Makes clients that say something between their first two packets of an exchange. */
    private static final class Inserting extends org.apache.sshd.client.session.SessionFactory {

        private final boolean strict;

        Inserting(ClientFactoryManager client, boolean strict) {
            super(client);
            this.strict = strict;
        }

        @Override
        protected ClientSessionImpl doCreateSession(IoSession socket) throws Exception {
            return new ClientSessionImpl(getClient(), socket) {
                @Override
                protected Map<KexProposalOption, String> doStrictKexProposal(
                        Map<KexProposalOption, String> proposal) {
                    return strict ? super.doStrictKexProposal(proposal) : proposal;
                }

                @Override
                public IoWriteFuture writePacket(Buffer buffer) throws IOException {
                    if (buffer.rawByte(buffer.rpos()) == SshConstants.SSH_MSG_KEXDH_INIT) {
                        Buffer ignored = createBuffer(SshConstants.SSH_MSG_IGNORE);
                        ignored.putString("");
                        super.writePacket(ignored);
                    }
                    return super.writePacket(buffer);
                }
            };
        }
    }
}
