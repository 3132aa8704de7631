package dev.bastion.server;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.rig.MinaHost;
import dev.bastion.server.transport.ChannelPackets;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;

/**
 * A host that says of a session only what the test has it say, in any order: its output and the end
 * of it may come before the answer to what started it. It grants whoever has a key. Right behind
 * its word that a session is open, when nothing was started in it, it asks whether the client is
 * alive, as OpenSSH's server may; or it closes the session.
 */
final class LateAnswerHost implements AutoCloseable {

    private final MinaHost host = new MinaHost();
    private final BlockingQueue<Started> started = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private volatile boolean closesAtOnce;

    LateAnswerHost() {
        host.server().setChannelFactories(List.of(new Sessions()));
        host.server().setSessionFactory(new Connections());
        host.start();
    }

    String address() {
        return host.address();
    }

    String fingerprint() {
        return host.fingerprint();
    }

    /** The sessions whose shell or command was asked for, and not answered. */
    BlockingQueue<Started> started() {
        return started;
    }

    /** What was answered to its question before anything was started, of each session. */
    BlockingQueue<String> answers() {
        return answers;
    }

    /** Whether it closes sessions when they are open, rather than asking. */
    void closesAtOnce(boolean closes) {
        closesAtOnce = closes;
    }

    @Override
    public void close() {
        host.close();
    }

    /** Its connections, whose writer knows when a session is said to be open. */
    private final class Connections extends SessionFactory {

        Connections() {
            super(host.server());
        }

        @Override
        protected ServerSessionImpl doCreateSession(IoSession socket) throws Exception {
            return new ServerSessionImpl(host.server(), socket) {
                @Override
                public IoWriteFuture writePacket(Buffer buffer) throws IOException {
                    int start = buffer.rpos();
                    boolean opens =
                            buffer.rawByte(start) == SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION;
                    long recipient = opens ? buffer.rawUInt(start + 1) : 0;
                    IoWriteFuture written = super.writePacket(buffer);
                    if (opens) {
                        super.writePacket(afterOpening(this, recipient));
                    }
                    return written;
                }
            };
        }
    }

    private Buffer afterOpening(Session session, long recipient) {
        Buffer packet =
                session.createBuffer(
                        closesAtOnce
                                ? SshConstants.SSH_MSG_CHANNEL_CLOSE
                                : SshConstants.SSH_MSG_CHANNEL_REQUEST);
        packet.putUInt(recipient);
        if (!closesAtOnce) {
            packet.putString("keepalive@openssh.com");
            packet.putBoolean(true);
        }
        return packet;
    }

    private final class Sessions implements ChannelFactory {

        @Override
        public String getName() {
            return "session";
        }

        @Override
        public Channel createChannel(Session session) {
            return new Started();
        }
    }

    /** One session. What a client asks after its start is kept. */
    final class Started extends AbstractServerChannel {

        private final ChannelPackets packets = new ChannelPackets(this);
        private final BlockingQueue<ChannelRequest> asked = new LinkedBlockingQueue<>();
        private volatile boolean closedByClient;

        private Started() {
            super("session", Collections.emptyList(), null);
        }

        /** What the client asks after the start, in order. */
        BlockingQueue<ChannelRequest> asked() {
            return asked;
        }

        void output(byte[] bytes) throws IOException {
            var _ = packets.data(ChannelEnd.DATA, bytes, 0, bytes.length);
        }

        void endOutput() throws IOException {
            packets.send(this::sendEof);
        }

        /** Answers what started it. */
        void answer() throws IOException {
            packets.reply(true);
        }

        void refuse() throws IOException {
            packets.reply(false);
        }

        @Override
        public void handleSuccess() {
            answers.add("success");
        }

        @Override
        public void handleFailure() {
            answers.add("failure");
        }

        void exit(int status) throws IOException {
            packets.send(() -> sendExitStatus(status));
            endOutput();
            if (closedByClient) {
                super.handleClose();
            }
            close(false);
        }

        /** As OpenSSH's server, which answers when the process has ended. */
        @Override
        public void handleClose() {
            closedByClient = true;
        }

        @Override
        protected void handleChannelRequest(String type, boolean wantReply, Buffer buffer)
                throws IOException {
            switch (type) {
                case "exec", "shell" -> started.add(this);
                case "pty-req" -> packets.reply(true);
                default -> asked.add(ChannelPackets.read(type, wantReply, buffer));
            }
        }

        @Override
        protected RequestHandler.Result handleInternalRequest(
                String type, boolean wantReply, Buffer buffer) {
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

    /** The first two numbers of a window-change. */
    static List<Integer> size(ChannelRequest resized) {
        Buffer payload = new ByteArrayBuffer(resized.payload());
        return List.of(payload.getInt(), payload.getInt());
    }
}
