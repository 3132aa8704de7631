package dev.bastion.server.transport;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelEvents;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.transport.loop.Carrier;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.AbstractChannel;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A channel without requests, such as a forwarded connection (RFC 4254 section 7): what its peer
 * says goes to a relay. Opened by either side, on an operator's connection or on a host's.
 *
 * <p>Callbacks run on the connection's reader thread and never block.
 */
public final class RelayedChannel extends AbstractChannel {

    /** Decides about a channel that a peer opens. */
    public interface Opener {

        /**
         * The peer asks. Called on its connection's reader thread.
         *
         * @param data what the peer says of it, after the window and packet sizes
         * @return completes, on any thread, when the channel is {@link #bind bound} and may open;
         *     exceptionally with a {@link ChannelRefusedException} when it may not
         */
        CompletableFuture<?> opening(RelayedChannel channel, byte[] data);
    }

    private final String type;
    private final @Nullable Opener opener;
    private final Function<Session, RelayEnd> lost;
    private final ChannelPackets packets = new ChannelPackets(this);
    private final ReceiveWindow window = new ReceiveWindow(this, packets);
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final Runnable drained = this::drained;
    private volatile @Nullable ChannelEvents events;

    /** Whether it was opened, or left before it was. */
    private final AtomicBoolean settled = new AtomicBoolean();

    private volatile boolean asked;
    private volatile boolean open;
    private volatile boolean closedByPeer;

    /**
     * A channel that the peer opens.
     *
     * @param lost says why the channel is gone when its peer did not close it
     */
    public RelayedChannel(String type, Function<Session, RelayEnd> lost, Opener opener) {
        this(type, lost, opener, false);
    }

    /**
     * A channel that {@link #openTo} opens.
     *
     * @param lost says why the channel is gone when its peer did not close it
     */
    public RelayedChannel(String type, Function<Session, RelayEnd> lost) {
        this(type, lost, null, true);
    }

    private RelayedChannel(
            String type,
            Function<Session, RelayEnd> lost,
            @Nullable Opener opener,
            boolean initiator) {
        super("", initiator);
        this.type = type;
        this.lost = lost;
        this.opener = opener;
    }

    /** Where everything goes from now on; before the channel is open. */
    public void bind(ChannelEvents bound) {
        events = bound;
        Carrier carrier = Carrier.of(getSession());
        if (carrier != null) {
            carrier.addDrainListener(drained);
        }
    }

    private ChannelEvents bound() {
        ChannelEvents current = events;
        if (current == null) {
            throw new IllegalStateException("the channel was used before it was bound");
        }
        return current;
    }

    private void drained() {
        bound().room();
    }

    /**
     * Asks the peer to open it; it must be registered with its connection.
     *
     * @param data what is said of it, after the window and packet sizes
     * @return completes when it is open, exceptionally with a {@link ChannelRefusedException} when
     *     the peer refuses; cancelled when the peer is gone, or was left, before it said either
     */
    public CompletableFuture<Void> openTo(byte[] data) throws IOException {
        configureWindow();
        Session session = getSession();
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN, data.length + 64);
        packet.putString(type);
        packet.putUInt(getChannelId());
        packet.putUInt(getLocalWindow().getMaxSize());
        packet.putUInt(getLocalWindow().getPacketSize());
        packet.putRawBytes(data);
        asked = true;
        session.writePacket(packet);
        return opened;
    }

    @Override
    public void handleOpenSuccess(long recipient, long windowSize, long packetSize, Buffer buffer) {
        setRecipient(recipient);
        getRemoteWindow().init(windowSize, packetSize, this);
        if (settled.compareAndSet(false, true)) {
            opens();
            opened.complete(null);
        } else {
            close(false);
        }
    }

    /**
     * Takes a peer's refusal to open a channel, which MINA takes only for channels of its own
     * client's kind.
     *
     * @param refusal the packet, after its command
     * @return whether it was for a channel of this kind; if not the packet is as it was
     */
    public static boolean takesRefusal(AbstractConnectionService service, Buffer refusal) {
        int start = refusal.rpos();
        long id = refusal.getUInt();
        for (Channel channel : service.getChannels()) {
            if (channel instanceof RelayedChannel refused && refused.getChannelId() == id) {
                refused.handleOpenFailure(refusal);
                return true;
            }
        }
        refusal.rpos(start);
        return false;
    }

    @Override
    public void handleOpenFailure(Buffer buffer) {
        opened.completeExceptionally(
                new ChannelRefusedException(buffer.getInt(), buffer.getString()));
        close(true);
    }

    @Override
    public OpenFuture open(long recipient, long windowSize, long packetSize, Buffer buffer) {
        setRecipient(recipient);
        getRemoteWindow().init(windowSize, packetSize, this);
        configureWindow();
        OpenFuture answer = new DefaultOpenFuture(this, this);
        byte[] data = new byte[buffer.available()];
        buffer.getRawBytes(data);
        Opener decides = opener;
        if (decides == null) {
            throw new IllegalStateException("this side opens the channel");
        }
        var _ =
                decides.opening(this, data)
                        .whenComplete((done, failure) -> {
                            if (failure == null) {
                                opens();
                                answer.setOpened();
                            } else {
                                refuse(failure);
                            }
                        });
        return answer;
    }

    /** Said here, since MINA would say another sentence. */
    private void refuse(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        try {
            Session session = getSession();
            Buffer packet = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
            packet.putUInt(getRecipient());
            packet.putUInt(
                    cause instanceof ChannelRefusedException refused
                            ? refused.reason()
                            : SshConstants.SSH_OPEN_CONNECT_FAILED);
            packet.putString(
                    cause instanceof ChannelRefusedException refused
                            ? refused.sentence()
                            : "it failed");
            packet.putString("");
            session.writePacket(packet);
        } catch (IOException e) {
            log.debug("nobody hears that {} is refused", this, e);
        }
        close(true);
    }

    /**
     * Ends it after what was sent. Of one that the peer asked for and did not get nothing is said
     * here: its refusal is the only word, and comes before or after this.
     */
    public void leave() {
        if (asked && settled.compareAndSet(false, true)) {
            // Its peer may still open it: it is closed then.
            opened.cancel(false);
            return;
        }
        close(opener != null && !open);
    }

    /** The confirmation goes out before anything else. */
    private void opens() {
        signalChannelOpenSuccess();
        open = true;
        bound().room();
    }

    @Override
    protected void doWriteData(byte[] data, int offset, long length) {
        bound().data(ChannelEnd.DATA, data, offset, (int) length);
    }

    @Override
    protected void doWriteExtendedData(byte[] data, int offset, long length) {
        bound().data(ChannelEnd.STDERR, data, offset, (int) length);
    }

    @Override
    protected long validateIncomingDataSize(int command, long length) throws IOException {
        return window.received(command, length);
    }

    /** None is known here; PuTTY asks one to learn how far its peer is. */
    @Override
    protected void handleChannelRequest(String request, boolean wantReply, Buffer buffer)
            throws IOException {
        if (wantReply) {
            packets.reply(false);
        }
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        bound().eof();
    }

    @Override
    public void handleClose() throws IOException {
        closedByPeer = true;
        bound().closed();
        super.handleClose();
    }

    @Override
    public void handleWindowAdjust(Buffer buffer) throws IOException {
        super.handleWindowAdjust(buffer);
        bound().room();
    }

    @Override
    protected void preClose() {
        if (state.get() == State.Graceful) {
            packets.endBeforeClose();
        }
        Carrier carrier = Carrier.of(getSession());
        if (carrier != null) {
            carrier.removeDrainListener(drained);
        }
        opened.cancel(false);
        ChannelEvents current = events;
        if (current != null && !closedByPeer) {
            current.lost(lost.apply(getSession()));
        }
        super.preClose();
    }

    public ChannelEnd end() {
        return new End();
    }

    /** This channel as the relay writes to it. */
    private final class End extends PacketEnd {

        End() {
            super(packets, window);
        }

        @Override
        public long room() {
            return open ? super.room() : 0;
        }

        @Override
        public void sendEof() throws IOException {
            packets.send(RelayedChannel.this::sendEof);
        }

        @Override
        public RelayEnd lost() {
            return lost.apply(getSession());
        }

        @Override
        public void closeChannel() {
            leave();
        }
    }
}
