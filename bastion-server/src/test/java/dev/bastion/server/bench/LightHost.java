package dev.bastion.server.bench;

import dev.bastion.server.transport.ChannelPackets;
import dev.bastion.server.transport.loop.EventLoops;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.channel.AbstractServerChannel;

/**
 * A host for thousands of shells: a program of its own, whose shells send back what they are sent.
 * It prints its port, and ends with its standard input.
 */
final class LightHost {

    private LightHost() {}

    public static void main(String[] arguments) throws Exception {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        var keys = SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
        server.setKeyPairProvider(session -> List.of(keys));
        server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
        server.setIoServiceFactoryFactory(new EventLoops());
        server.setChannelFactories(List.of(new Shells()));
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        server.start();
        System.out.println(server.getPort());
        while (System.in.read() >= 0) {
            // Until it ends.
        }
        System.exit(0);
    }

    private static final class Shells implements ChannelFactory {

        @Override
        public String getName() {
            return "session";
        }

        @Override
        public Channel createChannel(Session session) {
            return new Shell();
        }
    }

    /** Grants every request, and sends back every byte, after an Enter a new line and a prompt. */
    private static final class Shell extends AbstractServerChannel {

        private static final byte[] PROMPT = "\n$ ".getBytes(StandardCharsets.US_ASCII);

        private final ChannelPackets packets = new ChannelPackets(this);

        Shell() {
            super("session", Collections.emptyList(), null);
        }

        @Override
        protected RequestHandler.Result handleInternalRequest(
                String type, boolean wantReply, Buffer buffer) {
            return RequestHandler.Result.ReplySuccess;
        }

        @Override
        protected void doWriteData(byte[] data, int offset, long length) throws IOException {
            byte[] echo = echo(data, offset, (int) length);
            var _ = packets.data(0, echo, 0, echo.length);
            getLocalWindow().release(length);
        }

        private static byte[] echo(byte[] keys, int offset, int length) {
            ByteArrayOutputStream echo = new ByteArrayOutputStream(length + 8);
            for (int i = offset; i < offset + length; i++) {
                echo.write(keys[i]);
                if (keys[i] == '\r') {
                    echo.writeBytes(PROMPT);
                }
            }
            return echo.toByteArray();
        }

        @Override
        protected void doWriteExtendedData(byte[] data, int offset, long length)
                throws IOException {
            getLocalWindow().release(length);
        }
    }
}
