package dev.bastion.server.demo;

import java.io.IOException;
import java.util.Map;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * A session channel that knows whether it has a terminal, and that can say that its command was
 * ended by a signal (RFC 4254 section 6.10); MINA's own does neither.
 */
final class DemoChannel extends ChannelSession {

    static final ChannelFactory FACTORY =
            new ChannelFactory() {
                @Override
                public String getName() {
                    return "session";
                }

                @Override
                public Channel createChannel(Session session) {
                    return new DemoChannel();
                }
            };

    private volatile boolean terminal;

    /**
     * Whether a pty-req came. The environment cannot tell, for a client may set TERM without one.
     */
    boolean hasTerminal() {
        return terminal;
    }

    @Override
    protected RequestHandler.Result handlePtyReqParsed(
            String term, int columns, int rows, int width, int height, Map<PtyMode, Integer> modes)
            throws IOException {
        terminal = true;
        return super.handlePtyReqParsed(term, columns, rows, width, height, modes);
    }

    /**
     * Ends the channel with {@code exit-signal} in place of {@code exit-status}.
     *
     * @param signal its name without {@code SIG}
     */
    void endedBySignal(String signal) throws IOException {
        sendEof();
        // Keeps the exit-status that closing would send from following.
        if (exitStatusSent.compareAndSet(false, true)) {
            Buffer buffer =
                    getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, Byte.SIZE);
            buffer.putUInt(getRecipient());
            buffer.putString("exit-signal");
            buffer.putBoolean(false);
            buffer.putString(signal);
            buffer.putBoolean(false);
            buffer.putString("");
            buffer.putString("");
            writePacket(buffer);
        }
        commandExitFuture.setClosed();
        close(false);
    }
}
