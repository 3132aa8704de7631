package dev.bastion.server.fleet;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.sftp.Fields;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Status;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One host's session, as its client: numbers the requests, waits with them until the host has said
 * its version and has a window for them, and gives each answer to whom it is for.
 *
 * <p>Its public methods are for the session's thread, and thread-safe; all others are confined to
 * the serving thread.
 */
public final class HostLink {

    /** What a host may answer before any of it has been dealt with; more than a whole packet. */
    private static final long REPLIES_LIMIT_BYTES = 1 << 20;

    private static final byte[] INIT = {0, 0, 0, 5, PacketType.INIT, 0, 0, 0, Extensions.VERSION};

    private record Waiting(Ask ask, Reply reply) {}

    final Destination destination;
    private final Mailbox mailbox;
    private final QueuedEnd end;
    private final PacketCutter replies = new PacketCutter();
    private final ArrayDeque<byte[]> errors = new ArrayDeque<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Map<Integer, Reply> asked = new HashMap<>();
    private long waitingBytes;
    private int lastId;
    private @Nullable Relay relay;
    private byte @Nullable [] sending;
    private int sent;
    private @Nullable Set<String> extensions;
    private @Nullable RelayEnd cutFor;
    private @Nullable String ending;
    private boolean left;
    private boolean over;

    HostLink(Mailbox mailbox, Destination destination) {
        this.destination = destination;
        this.mailbox = mailbox;
        this.end =
                new QueuedEnd(
                        mailbox, new FromHost(), REPLIES_LIMIT_BYTES, RelayEnd.OPERATOR_CLOSED);
    }

    // What the session of the host does with it.

    /** The operator's end of the session's relay. */
    public ChannelEnd end() {
        return end;
    }

    /** The session is relayed from now on. */
    public void joined(Relay begun) {
        if (!mailbox.post(() -> join(begun))) {
            begun.operatorClosed(RelayEnd.OPERATOR_CLOSED);
        }
    }

    /**
     * The session is over, or could not begin.
     *
     * @param sentence why, for the client
     */
    public void over(String sentence) {
        mailbox.post(() -> ending = sentence);
    }

    /** What the host says, as the relay passes it on. */
    private final class FromHost implements QueuedEnd.Receiver {

        @Override
        public void data(int stream, byte[] bytes) {
            if (stream == ChannelEnd.DATA) {
                replies.add(bytes);
            } else {
                errors.add(bytes);
            }
        }

        @Override
        public void asked() {
            Relay running = relay;
            if (running != null) {
                Front.tell(() -> running.operatorReply(false));
            }
        }
    }

    // What the front does with it.

    private void join(Relay begun) {
        relay = begun;
        if (cutFor != null) {
            begun.operatorClosed(cutFor);
            return;
        }
        sending = INIT;
        begun.hostRoom();
    }

    /** Asks the host when it can be asked. The reply may be told before this returns. */
    void ask(Ask ask, Reply reply) {
        if (over) {
            reply.failed(this, String.valueOf(ending));
            return;
        }
        waiting.add(new Waiting(ask, reply));
        waitingBytes += ask.size();
    }

    /** Sends what the host has a window for. */
    void send() throws MalformedPacketException {
        Relay running = relay;
        while (running != null && ending == null) {
            byte[] packet = sending;
            if (packet == null) {
                if (!takeNext()) {
                    return;
                }
                continue;
            }
            int length = (int) Math.min(end.granted(), packet.length - sent);
            if (length <= 0) {
                return;
            }
            end.used(length);
            running.operatorData(packet, sent, length);
            sent += length;
            if (sent == packet.length) {
                sending = null;
                sent = 0;
            }
        }
    }

    /** Begins with the next request; whether there was one. */
    private boolean takeNext() throws MalformedPacketException {
        Set<String> known = extensions;
        Waiting next = known == null ? null : waiting.poll();
        if (known == null || next == null) {
            return false;
        }
        Ask ask = next.ask;
        waitingBytes -= ask.size();
        String extension = ask.extension();
        int id = ++lastId;
        if (extension != null && !known.contains(extension)) {
            if (!extension.equals(Extensions.POSIX_RENAME)) {
                String sentence = "bastion: " + destination.host() + " does not have " + extension;
                next.reply.came(this, Status.packet(id, Status.OP_UNSUPPORTED, sentence));
                return true;
            }
            // It does the same where nothing is in the way, and fails where something is.
            ask = ask.asOrdinary(PacketType.RENAME);
        }
        asked.put(id, next.reply);
        sending = ask.packet(id);
        return true;
    }

    /**
     * Deals with what the host said.
     *
     * @param mayGo whether the client takes more
     * @param client is told what the host's program said beside its answers
     * @return whether there was something
     */
    boolean deal(BooleanSupplier mayGo, Answers client) {
        Relay running = relay;
        if (running == null) {
            return endWhenEmpty(client);
        }
        boolean some = false;
        try {
            while (!errors.isEmpty() && mayGo.getAsBoolean()) {
                byte[] said = errors.remove();
                end.took(said.length);
                client.errors(said);
                some = true;
            }
            while (mayGo.getAsBoolean() && replies.hasNext()) {
                byte[] packet = replies.next();
                end.took(packet.length);
                some = true;
                answered(packet);
            }
            if (some) {
                running.operatorRoom();
            }
            return some || (!replies.hasNext() && endWhenEmpty(client));
        } catch (MalformedPacketException e) {
            String sentence = notSftp(e);
            client.say(destination.named(sentence));
            cut(new RelayEnd("malformed", sentence));
            end(sentence);
            return true;
        }
    }

    private void answered(byte[] packet) throws MalformedPacketException {
        if (extensions == null) {
            extensions = Extensions.of(packet);
            return;
        }
        Reply reply = asked.remove(new Fields(ByteBuffer.wrap(packet)).number());
        if (reply == null) {
            throw new MalformedPacketException("an answer to nothing");
        }
        try {
            reply.came(this, packet);
        } catch (MalformedPacketException e) {
            reply.failed(this, notSftp(e));
            throw e;
        }
    }

    private static String notSftp(MalformedPacketException e) {
        return "the host sent what is not SFTP: " + e.getMessage();
    }

    private boolean endWhenEmpty(Answers client) {
        String why = ending;
        if (why == null || over) {
            return false;
        }
        if (!left && cutFor == null) {
            client.say(destination.named(why));
        }
        end(why);
        return true;
    }

    private void end(String sentence) {
        if (over) {
            return;
        }
        over = true;
        ending = sentence;
        List<Reply> unanswered = new ArrayList<>(asked.values());
        waiting.forEach(left -> unanswered.add(left.reply));
        asked.clear();
        waiting.clear();
        waitingBytes = 0;
        unanswered.forEach(reply -> reply.failed(this, sentence));
    }

    /** Tells the host that nothing more is asked; its session ends by that. */
    void leave() {
        Relay running = relay;
        if (!left && running != null) {
            left = true;
            running.operatorEof();
        }
    }

    /** Closes the host's channel; its session ends when the host has closed it too. */
    void close() {
        left = true;
        Relay running = relay;
        if (running == null) {
            cut(RelayEnd.OPERATOR_CLOSED);
        } else {
            running.operatorClosing();
        }
    }

    /** Ends the session at once, or as soon as it begins. */
    void cut(RelayEnd why) {
        cutFor = why;
        Relay running = relay;
        if (running != null) {
            running.operatorClosed(why);
        }
    }

    boolean isOver() {
        return over;
    }

    /** Why it is over, of one whose host never came to say its version. */
    Optional<String> neverBegan() {
        return over && extensions == null ? Optional.ofNullable(ending) : Optional.empty();
    }

    /** Requests without their answer. */
    int asked() {
        return asked.size() + waiting.size();
    }

    /** Bytes of requests that the host has no window for yet. */
    long waitingBytes() {
        return waitingBytes;
    }
}
