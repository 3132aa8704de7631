package dev.bastion.server.gateway;

import dev.bastion.menu.terminal.KeySource;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.relay.SessionRequest;
import dev.bastion.server.relay.Terminal;
import dev.bastion.server.session.OperatorSide;
import dev.bastion.server.session.Visitor;
import dev.bastion.server.transport.ChannelPackets;
import dev.bastion.server.transport.PacketEnd;
import dev.bastion.server.transport.ReceiveWindow;
import dev.bastion.server.transport.SilentPeers;
import dev.bastion.server.transport.Waits;
import dev.bastion.server.transport.loop.Carrier;
import dev.bastion.server.transport.loop.LoopSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.jspecify.annotations.Nullable;

/**
 * The operator's {@code session} channel. It is set up by the client's requests, then served (menu,
 * command), and while a host is reached it is relayed, without ever being another channel.
 *
 * <p>What the client sends is in {@link ClientInput} until the session pulls it or a host gets it.
 * Callbacks run on the connection's reader thread and never block.
 */
final class OperatorChannel extends AbstractServerChannel implements OperatorSide {

    /** What the client may send when nobody but the session itself reads it. */
    private static final long PULLED_WINDOW_BYTES = 64 << 10;

    /** Why a client is disconnected. */
    static final String TOO_MANY = "too many requests at once";

    private final Consumer<OperatorChannel> starter;
    private final ChannelPackets packets = new ChannelPackets(this);
    private final ReceiveWindow window = new ReceiveWindow(this, packets);
    private final ClientInput input = new ClientInput();
    private final ChannelSetup setup = new ChannelSetup();
    private final Waits waits = new Waits();

    private final Runnable drained = this::drained;

    /**
     * @param starter told, on the reader thread, that the channel is set up and wants to be served
     */
    OperatorChannel(Consumer<OperatorChannel> starter) {
        super("session", Collections.emptyList(), null);
        this.starter = starter;
    }

    // What the client sends.

    @Override
    protected void doWriteData(byte[] data, int offset, long length) {
        input.data(data, offset, (int) length);
    }

    @Override
    protected void doWriteExtendedData(byte[] data, int offset, long length) throws IOException {
        window.grant(length);
    }

    @Override
    protected long validateIncomingDataSize(int command, long length) throws IOException {
        return window.received(command, length);
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        input.eof();
    }

    /** While a host is relayed its last words come first, and the answer after them. */
    @Override
    public void handleClose() throws IOException {
        if (!input.closing()) {
            super.handleClose();
        }
    }

    @Override
    protected void preClose() {
        if (state.get() == State.Graceful) {
            packets.endBeforeClose();
        }
        input.end();
        waits.giveUpElsewhere();
        Relay running = input.relay();
        if (running != null) {
            running.operatorClosed(lost(getSession()));
        }
        ignoreDrained();
        super.preClose();
    }

    /** Why the client of a connection is gone that did not say so. */
    static RelayEnd lost(Session session) {
        return SilentPeers.wasSilent(session) ? RelayEnd.OPERATOR_SILENT : RelayEnd.OPERATOR_CLOSED;
    }

    @Override
    public void handleWindowAdjust(Buffer buffer) throws IOException {
        super.handleWindowAdjust(buffer);
        Relay running = input.relay();
        if (running != null) {
            running.operatorRoom();
        }
    }

    @Override
    public void handleSuccess() throws IOException {
        input.answer(true);
    }

    @Override
    public void handleFailure() throws IOException {
        input.answer(false);
    }

    @Override
    protected void handleChannelRequest(String type, boolean wantReply, Buffer buffer)
            throws IOException {
        ChannelRequest asked = ChannelPackets.read(type, wantReply, buffer);
        boolean resized = type.equals("window-change") && resize(asked);
        if (isKept(asked)) {
            return;
        }
        Relay running = input.relay();
        if (running != null) {
            if (resized) {
                tellSize(running);
            }
            running.operatorRequest(asked, passedWhileRelayed(type));
            return;
        }
        boolean success =
                switch (type) {
                    case "env" -> setup.environment(asked);
                    case "pty-req" -> setup.terminal(asked);
                    case "shell", "exec", "subsystem" -> {
                        start(asked);
                        yield true;
                    }
                    case "window-change" -> resized;
                    case "auth-agent-req@openssh.com" -> setup.agent();
                    case "x11-req" -> {
                        setup.x11();
                        yield false;
                    }
                    default -> false;
                };
        if (wantReply
                && !type.equals("shell")
                && !type.equals("exec")
                && !type.equals("subsystem")) {
            packets.reply(success);
        }
    }

    /** Whether the request waits for the host; one too many ends the client's connection. */
    private boolean isKept(ChannelRequest asked) throws IOException {
        return switch (input.keep(asked, passedWhileRelayed(asked.type()))) {
            case KEPT -> true;
            case NOT_KEPT -> false;
            case ONE_TOO_MANY -> {
                getSession().disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, TOO_MANY);
                yield true;
            }
        };
    }

    private void tellSize(Relay running) {
        Terminal size = setup.terminal();
        if (size != null) {
            running.resized(size.columns(), size.rows());
        }
    }

    private static boolean passedWhileRelayed(String type) {
        return switch (type) {
            case "window-change", "signal", "break", "eow@openssh.com", "xon-xoff" -> true;
            default -> false;
        };
    }

    private boolean resize(ChannelRequest asked) {
        if (!setup.resize(asked)) {
            return false;
        }
        input.resized();
        return true;
    }

    private void start(ChannelRequest asked) throws IOException {
        boolean acceptable = setup.start(asked);
        if (asked.wantReply()) {
            packets.reply(acceptable);
        }
        if (acceptable) {
            OperatorConnection connection = Gateway.of(getSession());
            Visitor visitor = connection == null ? null : connection.visitor();
            input.started(visitor != null && visitor.host() != null);
            starter.accept(this);
        }
    }

    // What the session does with it.

    @Override
    public SessionRequest request() {
        return setup.request();
    }

    @Override
    public @Nullable Terminal terminal() {
        return setup.terminal();
    }

    @Override
    public boolean askedForX11() {
        return setup.askedForX11();
    }

    @Override
    public void debug(String sentence) {
        try {
            getSession().sendDebugMessage(true, sentence, "en");
        } catch (IOException e) {
            log.debug("a client that is gone hears nothing", e);
        }
    }

    @Override
    public KeySource keys() {
        return this::pull;
    }

    private int pull(Duration wait) throws IOException {
        int answer = input.pull(wait, () -> packets.reply(false));
        boolean low = answer >= 0 && input.size() + window.granted() < PULLED_WINDOW_BYTES;
        if (low) {
            window.grant(PULLED_WINDOW_BYTES);
        }
        return answer;
    }

    @Override
    public InputStream input() {
        return new PulledInputStream(keys());
    }

    @Override
    public OutputStream output() {
        return new ChannelOutput(this, packets, ChannelEnd.DATA);
    }

    @Override
    public OutputStream errors() {
        return new ChannelOutput(
                this, packets, setup.terminal() == null ? ChannelEnd.STDERR : ChannelEnd.DATA);
    }

    @Override
    public void beginning() {
        input.beginning();
    }

    @Override
    public void handOver(Relay begun) {
        try {
            input.handOver(begun, () -> tellSize(begun));
        } catch (IOException e) {
            log.debug("a host or a client that is gone hears no request", e);
        }
        Carrier carrier = Carrier.of(getSession());
        if (carrier != null) {
            carrier.addDrainListener(drained);
        }
        // What the host said before may wait for room that was told of before, too.
        begun.operatorRoom();
        if (isClosing()) {
            begun.operatorClosed(lost(getSession()));
        }
    }

    /** The socket took what waited for it. */
    private void drained() {
        Relay running = input.relay();
        if (running != null) {
            running.operatorRoom();
        }
    }

    private void ignoreDrained() {
        Carrier carrier = Carrier.of(getSession());
        if (carrier != null) {
            carrier.removeDrainListener(drained);
        }
    }

    @Override
    public void takeBack() {
        ignoreDrained();
        input.takeBack();
    }

    @Override
    public void exit(ChannelRequest exit) {
        try {
            packets.request(exit);
        } catch (IOException e) {
            log.debug("a client that is gone hears no exit status", e);
        }
    }

    @Override
    public void exit(int status) {
        try {
            packets.send(() -> sendExitStatus(status));
        } catch (IOException e) {
            log.debug("a client that is gone hears no exit status", e);
        }
    }

    @Override
    public void close() {
        boolean byClient = input.told();
        try {
            packets.send(this::sendEof);
            if (byClient) {
                super.handleClose();
            }
        } catch (IOException e) {
            log.debug("no EOF to a channel that is gone", e);
        }
        close(false);
    }

    @Override
    public @Nullable LoopSession socket() {
        Carrier carrier = Carrier.of(getSession());
        return carrier == null ? null : carrier.socket();
    }

    @Override
    public Waits waits() {
        return waits;
    }

    @Override
    public ChannelEnd end() {
        return new End();
    }

    @Override
    protected RequestHandler.Result handleInternalRequest(
            String type, boolean wantReply, Buffer buffer) {
        return RequestHandler.Result.ReplyFailure;
    }

    /** This channel as the relay writes to it. */
    private final class End extends PacketEnd {

        End() {
            super(packets, window);
        }

        @Override
        public void sendEof() throws IOException {
            packets.send(OperatorChannel.this::sendEof);
        }

        @Override
        public RelayEnd lost() {
            return OperatorChannel.lost(getSession());
        }

        @Override
        public void closeChannel() {
            OperatorChannel.this.close();
        }
    }
}
