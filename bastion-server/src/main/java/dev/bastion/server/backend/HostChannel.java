package dev.bastion.server.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.transport.ChannelPackets;
import dev.bastion.server.transport.PacketEnd;
import dev.bastion.server.transport.ReceiveWindow;
import dev.bastion.server.transport.SilentPeers;
import dev.bastion.server.transport.loop.Carrier;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.channel.AbstractClientChannel;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The host's {@code session} channel: everything that the host says goes to the relay, and the
 * answers to the requests that set the channel up go to whoever set it up. Before something is
 * started in it there is no relay, but OpenSSH's server may ask already whether the client is alive
 * ({@code ClientAliveInterval}): that is refused, which is an answer, and what has no meaning yet
 * is dropped. Callbacks run on the host connection's reader thread and never block.
 */
final class HostChannel extends AbstractClientChannel {

    private final ChannelPackets packets = new ChannelPackets(this);
    private final ReceiveWindow window = new ReceiveWindow(this, packets);

    @GuardedBy("setup")
    private final ArrayDeque<CompletableFuture<Boolean>> setup = new ArrayDeque<>();

    /** The channel is over: nobody answers any more. */
    @GuardedBy("setup")
    private boolean over;

    private final Runnable drained = this::drained;
    private volatile @Nullable Relay relay;
    private volatile boolean closedByHost;
    private volatile boolean closedHere;

    HostChannel() {
        super("session");
    }

    /** Where everything goes from now on; before something is started in the channel. */
    void bind(Relay bound) {
        relay = bound;
        Carrier carrier = Carrier.of(getSession());
        if (carrier != null) {
            carrier.addDrainListener(drained);
            if (isClosing()) {
                carrier.removeDrainListener(drained);
            }
        }
    }

    /** Sends a request that sets the channel up; the future gives the host's answer. */
    CompletableFuture<Boolean> ask(ChannelRequest request) throws IOException {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        synchronized (setup) {
            if (over) {
                answer.complete(false);
            } else {
                setup.add(answer);
                packets.request(request);
            }
        }
        return answer;
    }

    /** Sends a request that wants no answer. */
    void tell(ChannelRequest request) throws IOException {
        packets.request(request);
    }

    /** The socket took what waited for it. */
    private void drained() {
        Relay running = relay;
        if (running != null) {
            running.hostRoom();
        }
    }

    @Override
    protected void doOpen() {
        // No streams: what comes goes straight to the relay.
    }

    @Override
    protected void doWriteData(byte[] data, int offset, long length) {
        data(ChannelEnd.DATA, data, offset, (int) length);
    }

    @Override
    protected void doWriteExtendedData(byte[] data, int offset, long length) {
        data(ChannelEnd.STDERR, data, offset, (int) length);
    }

    private void data(int stream, byte[] data, int offset, int length) {
        Relay running = relay;
        if (running != null) {
            running.hostData(stream, data, offset, length);
        }
    }

    @Override
    protected long validateIncomingDataSize(int command, long length) throws IOException {
        return window.received(command, length);
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        Relay running = relay;
        if (running != null) {
            running.hostEof();
        }
    }

    @Override
    public void handleClose() throws IOException {
        closedByHost = true;
        Relay running = relay;
        if (running != null) {
            running.hostClosed();
        }
        super.handleClose();
    }

    @Override
    protected void preClose() {
        if (state.get() == State.Graceful) {
            packets.endBeforeClose();
        }
        answerAll();
        Carrier carrier = Carrier.of(getSession());
        if (carrier != null) {
            carrier.removeDrainListener(drained);
        }
        Relay running = relay;
        if (running != null && !closedByHost && !closedHere) {
            running.hostLost(lost(getSession()));
        }
        super.preClose();
    }

    /** Why the host of a connection is gone that did not say so. */
    static RelayEnd lost(Session session) {
        return SilentPeers.wasSilent(session) ? RelayEnd.HOST_SILENT : RelayEnd.HOST_LOST;
    }

    @Override
    public void handleWindowAdjust(Buffer buffer) throws IOException {
        super.handleWindowAdjust(buffer);
        Relay running = relay;
        if (running != null) {
            running.hostRoom();
        }
    }

    @Override
    protected void handleChannelRequest(String type, boolean wantReply, Buffer buffer)
            throws IOException {
        Relay running = relay;
        if (running != null) {
            running.hostRequest(ChannelPackets.read(type, wantReply, buffer));
        } else if (wantReply) {
            packets.reply(false);
        }
    }

    @Override
    public void handleSuccess() throws IOException {
        answered(true);
    }

    @Override
    public void handleFailure() throws IOException {
        answered(false);
    }

    private void answered(boolean success) throws IOException {
        @Nullable CompletableFuture<Boolean> asked;
        synchronized (setup) {
            asked = setup.poll();
        }
        if (asked != null) {
            asked.complete(success);
            return;
        }
        Relay running = relay;
        if (running != null) {
            running.hostReply(success);
        }
    }

    /** Nobody answers any more, now or later. */
    void answerAll() {
        synchronized (setup) {
            over = true;
            setup.forEach(asked -> asked.complete(false));
            setup.clear();
        }
    }

    ChannelEnd end() {
        return new End();
    }

    /** This channel as the relay writes to it. */
    private final class End extends PacketEnd {

        End() {
            super(packets, window);
        }

        @Override
        public void sendEof() throws IOException {
            packets.send(HostChannel.this::sendEof);
        }

        @Override
        public RelayEnd lost() {
            return HostChannel.lost(getSession());
        }

        @Override
        public void closeChannel() {
            closedHere = true;
            close(false);
        }
    }
}
