package dev.bastion.server;

import dev.bastion.server.rig.MinaHost;
import dev.bastion.server.transport.ChannelPackets;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.apache.sshd.server.session.AbstractServerSession;
import org.apache.sshd.server.session.ServerConnectionService;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;
import org.apache.sshd.server.session.ServerUserAuthService;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;
import org.jspecify.annotations.Nullable;

/**
 * A host that answers until the test has it be silent: from one thing on that is asked it says
 * nothing, and its connection stays. It opens channels towards its client when the test wants it.
 */
final class QuietHost implements AutoCloseable {

    /** What it does not answer. */
    enum Silence {
        LOGIN,
        SESSION,
        START,
        CONNECTION,
        LISTENING,
        LISTENING_ONCE_MORE,
        NOTHING
    }

    /** What a client said of a channel that the host opened: its refusal, or something else. */
    record Said(String word, int reason, String sentence) {}

    private static final int PORT = 40_001;

    private final MinaHost host = new MinaHost();
    private final BlockingQueue<Silence> unanswered = new LinkedBlockingQueue<>();
    private final BlockingQueue<ConnectionService> clients = new LinkedBlockingQueue<>();
    private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
    private volatile Silence silence = Silence.NOTHING;
    private volatile @Nullable ConnectionService listener;

    QuietHost() {
        host.server()
                .setChannelFactories(
                        Stream.of("session", "direct-tcpip")
                                .<ChannelFactory>map(Channels::new)
                                .toList());
        host.server().setGlobalRequestHandlers(List.of(this::listen));
        host.server().setServiceFactories(List.of(new Logins(), new Connections()));
        host.start();
    }

    void silentAt(Silence one) {
        silence = one;
    }

    String address() {
        return host.address();
    }

    String fingerprint() {
        return host.fingerprint();
    }

    /** What was asked and not answered, in order. */
    BlockingQueue<Silence> unanswered() {
        return unanswered;
    }

    /** The connections on which something was asked that is about channels towards the client. */
    BlockingQueue<ConnectionService> clients() {
        return clients;
    }

    /** What clients said of channels that the host opened. */
    BlockingQueue<Said> said() {
        return said;
    }

    /** How many are connected now. */
    int open() {
        return host.server().getActiveSessions().size();
    }

    /** Opens a connection that came to the port where it listens, or one to the agent. */
    static void open(ConnectionService client, String type) throws IOException {
        Opening channel = new Opening(type);
        client.registerChannel(channel);
        Session session = client.getSession();
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN);
        packet.putString(type);
        packet.putUInt(channel.getChannelId());
        packet.putUInt(channel.getLocalWindow().getMaxSize());
        packet.putUInt(channel.getLocalWindow().getPacketSize());
        if (type.equals("forwarded-tcpip")) {
            packet.putString("localhost");
            packet.putUInt(PORT);
            packet.putString("127.0.0.1");
            packet.putUInt(1);
        }
        session.writePacket(packet);
    }

    @Override
    public void close() {
        host.close();
    }

    private boolean isSilent(Silence at) {
        if (silence == at) {
            unanswered.add(at);
            return true;
        }
        return false;
    }

    private RequestHandler.Result listen(
            ConnectionService client, String request, boolean wantReply, Buffer asked)
            throws IOException {
        if (!request.equals("tcpip-forward")) {
            return RequestHandler.Result.ReplyFailure;
        }
        boolean again = client.equals(listener);
        listener = client;
        if (!isSilent(again ? Silence.LISTENING_ONCE_MORE : Silence.LISTENING)) {
            Session session = client.getSession();
            Buffer answer = session.createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS);
            answer.putInt(PORT);
            session.writePacket(answer);
            clients.add(client);
        }
        return RequestHandler.Result.Replied;
    }

    private final class Logins extends ServerUserAuthServiceFactory {

        @Override
        public Service create(Session session) throws IOException {
            return new ServerUserAuthService(session) {
                @Override
                public synchronized void process(int command, Buffer buffer) throws Exception {
                    if (!isSilent(Silence.LOGIN)) {
                        super.process(command, buffer);
                    }
                }
            };
        }
    }

    /** Its connections, which hear what becomes of the channels that they open. */
    private final class Connections extends ServerConnectionServiceFactory {

        @Override
        public Service create(Session session) throws IOException {
            return new ServerConnectionService((AbstractServerSession) session) {
                @Override
                public void channelOpenConfirmation(Buffer buffer) {
                    said.add(new Said("open", 0, ""));
                }

                @Override
                public void channelOpenFailure(Buffer buffer) {
                    buffer.getInt();
                    said.add(new Said("refused", buffer.getInt(), buffer.getString()));
                }

                @Override
                public void channelClose(Buffer buffer) throws IOException {
                    long id = buffer.rawUInt(buffer.rpos());
                    if (getChannels().stream()
                            .anyMatch(one -> one instanceof Opening && one.getChannelId() == id)) {
                        said.add(new Said("close", 0, ""));
                    }
                    super.channelClose(buffer);
                }
            };
        }
    }

    private final class Channels implements ChannelFactory {

        private final String type;

        Channels(String type) {
            this.type = type;
        }

        @Override
        public String getName() {
            return type;
        }

        @Override
        public Channel createChannel(Session session) {
            boolean silent =
                    isSilent(type.equals("session") ? Silence.SESSION : Silence.CONNECTION);
            return silent ? new Opening(type) : new Started(type);
        }
    }

    /** A channel in which nothing happens. */
    private abstract static class Still extends AbstractServerChannel {

        Still(String type) {
            super(type, Collections.emptyList(), null);
        }

        @Override
        protected RequestHandler.Result handleInternalRequest(
                String request, boolean wantReply, Buffer buffer) {
            return RequestHandler.Result.ReplyFailure;
        }

        @Override
        protected void doWriteData(byte[] data, int offset, long length) throws IOException {
            getLocalWindow().release(length);
        }

        @Override
        protected void doWriteExtendedData(byte[] data, int offset, long length)
                throws IOException {
            getLocalWindow().release(length);
        }
    }

    /** One that was asked for and is not open: by the client, who hears nothing, or by the host. */
    private static final class Opening extends Still {

        Opening(String type) {
            super(type);
        }

        @Override
        public OpenFuture open(long recipient, long windowSize, long packetSize, Buffer buffer) {
            setRecipient(recipient);
            return new DefaultOpenFuture(this, this);
        }
    }

    /** One that is open. */
    private final class Started extends Still {

        private final ChannelPackets packets = new ChannelPackets(this);

        Started(String type) {
            super(type);
        }

        @Override
        protected void handleChannelRequest(String type, boolean wantReply, Buffer buffer)
                throws IOException {
            if (type.equals("auth-agent-req@openssh.com")) {
                clients.add(getSession().getService(ConnectionService.class));
            }
            if (type.equals("exec") && isSilent(Silence.START)) {
                return;
            }
            if (wantReply) {
                packets.reply(true);
            }
        }
    }
}
