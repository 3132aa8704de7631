package dev.bastion.server.fleet;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one client's SFTP session whose topmost directory is the fleet. To the relay of the
 * client's channel it is the host; to the relays of the hosts' sessions it is the operator.
 *
 * <p>All is done by the thread that serves. What the relays bring, on threads and under locks of
 * theirs, waits in one mailbox, within windows: the client is granted what the slowest of the hosts
 * it writes to takes, and a host what the client takes.
 *
 * <p>{@link #end} and {@link #stop} are thread-safe.
 */
public final class Front {

    private static final Logger LOG = LoggerFactory.getLogger(Front.class);

    /** What the client may send before any of it has been dealt with. */
    private static final long REQUESTS_LIMIT_BYTES = 2 << 20;

    /** Bytes that wait for hosts, beyond which no more requests are read. */
    private static final long WAITING_LIMIT_BYTES = 2 << 20;

    /** Requests to hosts without their answer, beyond which no more requests are read. */
    private static final int ASKED_LIMIT = 4_096;

    private static final ChannelRequest EXIT =
            new ChannelRequest("exit-status", false, new byte[Integer.BYTES]);

    private final Mailbox mailbox;
    private final QueuedEnd end;
    private final PacketCutter packets = new PacketCutter();
    private final Links links;
    private final Answers answers;
    private final Requests requests;
    private @Nullable Relay relay;
    private boolean clientEnded;
    private boolean clientClosed;
    private boolean ended;
    private @Nullable RelayEnd stopped;

    public Front(Fleet fleet) {
        this(fleet, new Mailbox(), System::nanoTime);
    }

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    Front(Fleet fleet, Mailbox mailbox, LongSupplier nanoTime) {
        this.mailbox = mailbox;
        end = new QueuedEnd(mailbox, new FromClient(), REQUESTS_LIMIT_BYTES, RelayEnd.HOST_LOST);
        links = new Links(fleet, mailbox, nanoTime);
        answers = new Answers(this::toClient, this::toClientsErrors);
        requests = new Requests(fleet, links, answers);
    }

    /** The host's end of the relay of the client's channel. */
    public ChannelEnd end() {
        return end;
    }

    /** The relay of the client's channel is over: ends all sessions at hosts. */
    public void stop(RelayEnd why) {
        mailbox.post(() -> stopped = why);
    }

    /** What the client says, as the relay passes it on. */
    private final class FromClient implements QueuedEnd.Receiver {

        @Override
        public void data(int stream, byte[] bytes) {
            packets.add(bytes);
        }

        @Override
        public void eof() {
            clientEnded = true;
        }

        @Override
        public void closed() {
            clientClosed = true;
        }

        @Override
        public void asked() {
            tell(() -> running().hostReply(false));
        }
    }

    /**
     * Serves until the relay is over. Blocks: a virtual thread.
     *
     * @param client the relay of the client's channel, with {@link #end} as its host
     */
    public void serve(Relay client) {
        begin(client);
        try {
            while (stopped == null) {
                turn(mailbox.await());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            List<Runnable> late = mailbox.close();
            links.cut(stopped == null ? RelayEnd.SHUTDOWN : stopped);
            late.forEach(Runnable::run);
        }
    }

    void begin(Relay client) {
        relay = client;
        client.operatorRoom();
    }

    /** Does what came, and then all that can be done by now. */
    void turn(List<Runnable> came) {
        came.forEach(Runnable::run);
        if (stopped != null) {
            links.cut(stopped);
            return;
        }
        try {
            boolean more = true;
            while (more) {
                more = false;
                for (HostLink link : links.all()) {
                    more |= link.deal(this::clientTakes, answers);
                }
                more |= readRequests();
                for (HostLink link : links.all()) {
                    link.send();
                }
            }
            endWhenAllIsDone();
        } catch (MalformedPacketException e) {
            broken(e);
        }
    }

    private boolean readRequests() throws MalformedPacketException {
        boolean some = false;
        while (!ended
                && clientTakes()
                && links.asked() < ASKED_LIMIT
                && links.waitingBytes() < WAITING_LIMIT_BYTES
                && packets.hasNext()) {
            byte[] packet = packets.next();
            end.took(packet.length);
            requests.take(packet);
            some = true;
        }
        if (some) {
            running().hostRoom();
        }
        return some;
    }

    private boolean clientTakes() {
        return end.granted() > 0;
    }

    private void endWhenAllIsDone() throws MalformedPacketException {
        if (ended) {
            return;
        }
        if (clientClosed) {
            clientClosed = false;
            clientEnded = true;
            links.all().forEach(HostLink::close);
        }
        if (!clientEnded || packets.hasNext() || links.asked() > 0) {
            return;
        }
        if (!links.all().isEmpty()) {
            links.all().forEach(HostLink::leave);
            return;
        }
        ended = true;
        Relay client = running();
        tell(() -> client.hostRequest(EXIT));
        client.hostEof();
        client.hostClosed();
    }

    private void broken(MalformedPacketException e) {
        ended = true;
        running()
                .cut(
                        new RelayEnd(
                                "malformed",
                                "your client sent what is not SFTP: " + e.getMessage()));
    }

    private void toClient(byte[] packet) {
        end.used(packet.length);
        running().hostData(ChannelEnd.DATA, packet, 0, packet.length);
    }

    private void toClientsErrors(byte[] bytes) {
        end.used(bytes.length);
        running().hostData(ChannelEnd.STDERR, bytes, 0, bytes.length);
    }

    private Relay running() {
        Relay running = relay;
        if (running == null) {
            throw new IllegalStateException("the front serves before it has begun");
        }
        return running;
    }

    /** A call of a relay. */
    interface Call {
        void run() throws IOException;
    }

    /** Calls a relay, whose channel says by itself when it is gone. */
    static void tell(Call call) {
        try {
            call.run();
        } catch (IOException e) {
            LOG.debug("not told to a channel that is gone", e);
        }
    }
}
