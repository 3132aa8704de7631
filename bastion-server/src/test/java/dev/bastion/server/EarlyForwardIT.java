package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.server.rig.EchoServer;
import dev.bastion.server.rig.MinaHost;
import dev.bastion.server.rig.RunningSsh;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that come to a host's ports as soon as it listens: they follow the host's answers at
 * once, and OpenSSH's client takes them only after those, since the host chose the ports.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class EarlyForwardIT {

    /** Which the host says that it chose. */
    private static final int FIRST_PORT = 40_001;

    private static final int PORTS = 20;
    private static final int AT_ONCE = 2;

    private final RunningBastion bastion;
    private final EchoServer echo = new EchoServer();
    private final MinaHost host = new MinaHost();
    private final Prompt prompt = new Prompt();

    EarlyForwardIT(@TempDir Path folder) {
        host.server().setGlobalRequestHandlers(List.of(prompt));
        host.start();
        bastion = RunningBastion.start(folder);
        bastion.addHost("prompt", host.address(), host.fingerprint());
        bastion.addKeyAccount("prompt", bastion.login(), bastion.web1().userKeys());
        bastion.grant("prompt", bastion.login(), "forward");
    }

    @AfterAll
    void close() {
        bastion.awaitNothingLeft();
        bastion.close();
        host.close();
        echo.close();
    }

    @Test
    void connectionsRightBehindTheAnswersAreTaken() throws Exception {
        List<String> words = new ArrayList<>(List.of("-N"));
        for (int port = 0; port < PORTS; port++) {
            // OpenSSH asks once only for what is the same.
            words.addAll(List.of("-R", "127.0.0." + (1 + port) + ":0:" + echo.address()));
        }
        try (RunningSsh _ =
                RunningSsh.start(bastion.ssh("alice+prompt", words.toArray(String[]::new)))) {
            for (int count = 0; count < PORTS * AT_ONCE; count++) {
                assertThat(prompt.opened.poll(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .as("after %s", count)
                        .isNotNull();
            }
        }
        assertThat(bastion.records(ForwardOpened.class))
                .anyMatch(record -> record.direction().equals("remote"));
    }

    /** Answers a request to listen, and opens connections in the same breath. */
    private static final class Prompt implements RequestHandler<ConnectionService> {

        private final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
        private int lastPort = FIRST_PORT;

        @Override
        public synchronized Result process(
                ConnectionService service, String type, boolean wantReply, Buffer asked)
                throws IOException {
            if (!type.equals("tcpip-forward")) {
                return Result.ReplyFailure;
            }
            String address = asked.getString();
            int port = ++lastPort;
            Session session = service.getSession();
            Buffer answer = session.createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS);
            answer.putInt(port);
            session.writePacket(answer);
            for (int count = 0; count < AT_ONCE; count++) {
                Connection connection = new Connection();
                service.registerChannel(connection);
                connection.open(address, port);
            }
            return Result.Replied;
        }

        /** One that came to the port. MINA's server does not hear that it is refused. */
        private final class Connection extends AbstractServerChannel {

            Connection() {
                super("forwarded-tcpip", Collections.emptyList(), null);
            }

            void open(String address, int port) throws IOException {
                Buffer packet = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN);
                packet.putString("forwarded-tcpip");
                packet.putUInt(getChannelId());
                packet.putUInt(getLocalWindow().getMaxSize());
                packet.putUInt(getLocalWindow().getPacketSize());
                packet.putString(address);
                packet.putUInt(port);
                packet.putString("127.0.0.1");
                packet.putUInt(1);
                getSession().writePacket(packet);
            }

            @Override
            public void handleOpenSuccess(
                    long recipient, long windowSize, long packetSize, Buffer buffer) {
                setRecipient(recipient);
                opened.add(this);
                close(false);
            }

            @Override
            protected void doWriteData(byte[] data, int offset, long length) {
                throw new AssertionError("nothing was sent");
            }

            @Override
            protected void doWriteExtendedData(byte[] data, int offset, long length) {
                throw new AssertionError("nothing was sent");
            }
        }
    }
}
