package dev.bastion.server.fleet;

import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.RelayEnd;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One end of a relay that is no channel but the front itself: what the relay sends is copied and
 * left in the mailbox, within a window. Thread-safe.
 */
final class QueuedEnd implements ChannelEnd {

    /** What the serving thread does with what came. */
    interface Receiver {

        void data(int stream, byte[] bytes);

        default void eof() {}

        default void closed() {}

        /** A request came that wants an answer; none is served here. */
        void asked();
    }

    private final Mailbox mailbox;
    private final Receiver receiver;
    private final long limit;
    private final RelayEnd lost;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong granted = new AtomicLong();

    /**
     * @param limit bytes that are taken before the serving thread has taken any of them
     */
    QueuedEnd(Mailbox mailbox, Receiver receiver, long limit, RelayEnd lost) {
        this.mailbox = mailbox;
        this.receiver = receiver;
        this.limit = limit;
        this.lost = lost;
    }

    @Override
    public long room() {
        return Math.max(0, limit - held.get());
    }

    @Override
    public void send(int stream, byte[] bytes, int offset, int length) {
        held.addAndGet(length);
        byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
        mailbox.post(() -> receiver.data(stream, copy));
    }

    /** What came before is dealt with, and makes room. */
    void took(long bytes) {
        held.addAndGet(-bytes);
    }

    @Override
    public long granted() {
        return granted.get();
    }

    @Override
    public void grant(long bytes) {
        granted.addAndGet(bytes);
        mailbox.post(() -> {});
    }

    /** Bytes go out of the window; one that is too small is made up for by the next grants. */
    void used(long bytes) {
        granted.addAndGet(-bytes);
    }

    @Override
    public void sendEof() {
        mailbox.post(receiver::eof);
    }

    @Override
    public void sendRequest(ChannelRequest request) {
        if (request.wantReply()) {
            mailbox.post(receiver::asked);
        }
    }

    @Override
    public void sendReply(boolean success) {
        // Nothing is asked from here.
    }

    @Override
    public RelayEnd lost() {
        return lost;
    }

    @Override
    public void closeChannel() {
        mailbox.post(receiver::closed);
    }
}
