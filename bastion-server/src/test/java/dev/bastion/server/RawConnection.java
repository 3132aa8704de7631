package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.AbstractClientChannel;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/**
 * A client that says exactly what it is told to, and tells what is answered: {@code success} with
 * its data in hexadecimal, {@code failure}, {@code open}, {@code refused:REASON}.
 */
final class RawConnection implements AutoCloseable {

    private static final Duration LIMIT = RunningBastion.LIMIT;

    private final SshClient client = SshClient.setUpDefaultClient();
    private final ClientSession session;
    private final CompletableFuture<String> farewell = new CompletableFuture<>();

    RawConnection(String user, int port, Keys keys) throws IOException, GeneralSecurityException {
        this(user, port, keys, client -> {});
    }

    /**
     * @param setting changes how it speaks
     */
    RawConnection(String user, int port, Keys keys, Consumer<SshClient> setting)
            throws IOException, GeneralSecurityException {
        setting.accept(client);
        client.addSessionListener(new Farewell());
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.start();
        session = client.connect(user, "127.0.0.1", port).verify(LIMIT).getSession();
        byte[] key = keys.privateText().getBytes(StandardCharsets.UTF_8);
        SecurityUtils.loadKeyPairIdentities(
                        null,
                        NamedResource.ofName("key"),
                        new ByteArrayInputStream(key),
                        FilePasswordProvider.EMPTY)
                .forEach(session::addPublicKeyIdentity);
        session.auth().verify(LIMIT);
    }

    /** What the server says when it disconnects. */
    private final class Farewell implements SessionListener {

        @Override
        public void sessionDisconnect(
                Session from, int reason, String sentence, String language, boolean initiator) {
            if (!initiator) {
                farewell.complete(sentence);
            }
        }

        @Override
        public void sessionClosed(Session from) {
            farewell.complete("nothing");
        }
    }

    boolean isOpen() {
        return session.isOpen();
    }

    /** Waits until the server has disconnected; why it says that it does. */
    String awaitFarewell() throws Exception {
        return awaitFarewell(LIMIT);
    }

    String awaitFarewell(Duration limit) throws Exception {
        return farewell.get(limit.toSeconds(), TimeUnit.SECONDS);
    }

    byte[] sessionId() {
        return session.getSessionId();
    }

    /** The key that the server showed. */
    byte[] serverKey() {
        Buffer blob = new ByteArrayBuffer();
        blob.putRawPublicKey(session.getServerKey());
        return blob.getCompactData();
    }

    /** Asks for something of the whole connection; the answer. */
    String global(String type, byte[] data) throws Exception {
        CompletableFuture<String> answered = new CompletableFuture<>();
        session.request(
                globalPacket(type, true, data),
                type,
                (command, answer) -> {
                    byte[] rest = new byte[answer.available()];
                    answer.getRawBytes(rest);
                    answered.complete(
                            command == SshConstants.SSH_MSG_REQUEST_SUCCESS
                                    ? "success:" + HexFormat.of().formatHex(rest)
                                    : "failure");
                });
        return answered.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Asks without waiting for the answer. */
    void globalWithoutWaiting(String type) throws IOException {
        session.writePacket(globalPacket(type, true, new byte[0]));
    }

    /** Asks without wanting an answer. */
    void globalWithoutReply(String type) throws IOException {
        session.writePacket(globalPacket(type, false, new byte[0]));
    }

    private Buffer globalPacket(String type, boolean wantReply, byte[] data) {
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
        packet.putString(type);
        packet.putBoolean(wantReply);
        packet.putRawBytes(data);
        return packet;
    }

    /** Opens a channel. */
    RawChannel open(String type, byte[] data) throws IOException {
        RawChannel channel = new RawChannel(type, data);
        session.getService(ConnectionService.class).registerChannel(channel);
        channel.ask();
        return channel;
    }

    @Override
    public void close() {
        session.close(true);
        client.stop();
    }

    /** A channel whose output is dropped, once it is open or refused. */
    static final class RawChannel extends AbstractClientChannel {

        private final String name;
        private final byte[] opening;
        private final CompletableFuture<String> decided = new CompletableFuture<>();
        private final Semaphore output = new Semaphore(0);
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

        private RawChannel(String name, byte[] opening) {
            super(name);
            this.name = name;
            this.opening = opening;
        }

        private void ask() throws IOException {
            Buffer packet = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN);
            packet.putString(name);
            packet.putUInt(getChannelId());
            packet.putUInt(1 << 20);
            packet.putUInt(1 << 15);
            packet.putRawBytes(opening);
            getSession().writePacket(packet);
        }

        String outcome() throws Exception {
            return decided.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        /** Asks for something of the channel; the answer. */
        String ask(String type, byte[] data) throws Exception {
            request(type, true, data);
            return answer();
        }

        /** The answer of the oldest request that has not been asked for. */
        String answer() throws Exception {
            @Nullable String answer = answers.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return String.valueOf(answer);
        }

        void request(String type, boolean wantReply, byte[] data) throws IOException {
            Buffer packet = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
            packet.putUInt(getRecipient());
            packet.putString(type);
            packet.putBoolean(wantReply);
            packet.putRawBytes(data);
            getSession().writePacket(packet);
        }

        @Override
        public void handleOpenSuccess(
                long recipient, long windowSize, long packetSize, Buffer buffer) {
            setRecipient(recipient);
            getRemoteWindow().init(windowSize, packetSize, this);
            decided.complete("open");
        }

        @Override
        public void handleOpenFailure(Buffer buffer) {
            decided.complete("refused:" + buffer.getInt());
        }

        @Override
        public void handleSuccess() {
            answers.add("success");
        }

        @Override
        public void handleFailure() {
            answers.add("failure");
        }

        @Override
        protected void doOpen() {
            // Opened by hand.
        }

        /** Waits for more output. */
        void awaitOutput() throws Exception {
            assertThat(output.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        void send(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            Buffer packet = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_DATA);
            packet.putUInt(getRecipient());
            packet.putBytes(bytes);
            getSession().writePacket(packet);
        }

        @Override
        protected void doWriteData(byte[] data, int offset, long length) {
            output.release();
        }

        @Override
        protected void doWriteExtendedData(byte[] data, int offset, long length) {
            // Nobody reads it.
        }

        @Override
        protected long validateIncomingDataSize(int command, long length) {
            return length;
        }

        @Override
        protected void handleChannelRequest(String type, boolean wantReply, Buffer buffer) {
            // Exit status and the like.
        }
    }
}
