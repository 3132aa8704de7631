package dev.bastion.server.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Joins the operator's channel and the host's: what one says the other hears, bit for bit and in
 * order, after the tap has seen it.
 *
 * <p>Its {@code operator…} methods are called by the operator's channel, its {@code host…} methods
 * by the host's, each on that connection's reader thread or, for the first bytes, on the thread
 * that starts the relay. None blocks. Channel requests overtake data towards the host, as RFC 4254
 * lets them (a signal must reach a host that reads nothing); towards the operator they keep their
 * place, so that exit-status comes after the last output.
 */
public final class Relay {

    /** Told about a relay, on any thread; must not block. About its end it is told once. */
    public interface Listener {

        /** The operator asked the host for something that was not passed on, each time. */
        default void refused(ChannelRequest request) {}

        /** What the host said of the end of its process, as it came. */
        void exited(ChannelRequest exit);

        /**
         * The relay is over.
         *
         * @param recorded what {@link RelayTap#ended} returned
         */
        void ended(RelayEnd end, CompletableFuture<?> recorded);
    }

    /** Which of the two sent data in some time. */
    public record Heard(boolean operator, boolean host) {}

    /** Something of the bastion's own that waits to be said to the operator. */
    private record Announcement(int stream, byte[] text) {}

    private final ChannelEnd operator;
    private final ChannelEnd host;
    private final RelayTap tap;
    private final Listener listener;
    private final Flow toHost;
    private final Flow toOperator;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Activity activity = new Activity();
    private final AtomicReference<@Nullable Announcement> announcement = new AtomicReference<>();
    private volatile boolean operatorClosing;
    private final PendingReplies operatorReplies;
    private final PendingReplies hostReplies;
    private final boolean keepOperatorOpen;
    private final Executor resume;

    /**
     * @param resume runs what a completed barrier lets through
     * @param keepOperatorOpen whether EOF, EOW, exit and close of the host are kept back, because
     *     the operator's channel goes on with the menu
     */
    public Relay(
            ChannelEnd operator,
            ChannelEnd host,
            RelayTap tap,
            Listener listener,
            Executor resume,
            boolean keepOperatorOpen) {
        this.operator = operator;
        this.host = host;
        this.tap = tap;
        this.listener = listener;
        this.resume = resume;
        this.toHost = new Flow(operator, host, resume, failure -> endLater(failure, host));
        this.toOperator = new Flow(host, operator, resume, failure -> endLater(failure, operator));
        this.operatorReplies = new PendingReplies(operator);
        this.hostReplies = new PendingReplies(host);
        this.keepOperatorOpen = keepOperatorOpen;
    }

    public void operatorData(byte[] bytes, int offset, int length) {
        activity.operatorSent();
        Chunk chunk = new Chunk(toHost, ChannelEnd.DATA, bytes);
        tap.toHost(bytes, offset, length, chunk);
        if (chunk.passed < length) {
            // The window was used all the same.
            toHost.drain();
        }
    }

    /** A chunk as the tap passes it on. */
    private final class Chunk implements RelayTap.Passage {

        private final Flow flow;
        private final int stream;
        private final byte[] bytes;
        private int passed;

        Chunk(Flow flow, int stream, byte[] bytes) {
            this.flow = flow;
            this.stream = stream;
            this.bytes = bytes;
        }

        @Override
        public void pass(int offset, int length, @Nullable CompletableFuture<?> barrier) {
            passed += length;
            flow.data(stream, bytes, offset, length, barrier);
        }

        @Override
        public void passKept(byte[] kept, int offset, int length) {
            flow.data(stream, kept, offset, length, null);
        }

        @Override
        public void answer(byte[] answer) {
            toOperator.data(ChannelEnd.DATA, answer, 0, answer.length, null);
        }
    }

    public void operatorEof() {
        toHost.then(host::sendEof);
    }

    /** The host's window has grown. */
    public void hostRoom() {
        toHost.drain();
    }

    /** The operator's window has grown. */
    public void operatorRoom() {
        toOperator.drain();
    }

    /**
     * A request of the operator's client goes to the host.
     *
     * @param permitted whether it may; when not it is answered here, in its turn
     */
    public void operatorRequest(ChannelRequest request, boolean permitted) throws IOException {
        if (request.type().equals("eow@openssh.com")) {
            host.sendRequest(request);
            toOperator.discard();
            return;
        }
        if (permitted) {
            operatorReplies.ask(request, host);
        } else {
            listener.refused(request);
            operatorReplies.refuse(request);
        }
    }

    /**
     * The operator's terminal has another size; the request itself goes by {@link
     * #operatorRequest}.
     */
    public void resized(int columns, int rows) {
        tap.resized(columns, rows);
    }

    public void hostData(int stream, byte[] bytes, int offset, int length) {
        activity.hostSent();
        Chunk chunk = new Chunk(toOperator, stream, bytes);
        tap.toOperator(stream, bytes, offset, length, chunk);
        if (chunk.passed < length) {
            toOperator.drain();
        }
        if (announcement.get() != null && tap.mayInterrupt()) {
            announceBehindChunk();
        }
    }

    /**
     * How long ago data was sent.
     *
     * @param operatorOnly whether only the operator's counts
     */
    public Duration idle(boolean operatorOnly) {
        return activity.since(operatorOnly);
    }

    /** Who sent data since this was last asked. */
    public Heard heard() {
        return activity.take();
    }

    /**
     * Says something to the operator, which no tap sees: behind the next of the host's chunks that
     * may be interrupted there, or by {@link #announceNow()}. Of several that wait the last is
     * said.
     *
     * @param stream {@link ChannelEnd#DATA} or {@link ChannelEnd#STDERR}
     */
    public void announce(int stream, byte[] text) {
        announcement.set(new Announcement(stream, text));
    }

    /** Says what still waits to be said, wherever the host's output is. */
    public void announceNow() {
        Announcement said = announcement.getAndSet(null);
        if (said != null) {
            announceNow(said.stream, said.text);
        }
    }

    /**
     * Says something to the operator at once, ahead of output that waits for something: that may be
     * what this tells of.
     *
     * @param stream {@link ChannelEnd#DATA} or {@link ChannelEnd#STDERR}
     */
    public void announceNow(int stream, byte[] text) {
        if (!over.get()) {
            toOperator.ahead(stream, text);
        }
    }

    private void announceBehindChunk() {
        Announcement said = announcement.getAndSet(null);
        if (said != null && !over.get()) {
            toOperator.data(said.stream, said.text, 0, said.text.length, null);
        }
    }

    public void hostEof() {
        if (!keepOperatorOpen) {
            toOperator.then(operator::sendEof);
        }
    }

    public void hostRequest(ChannelRequest request) throws IOException {
        boolean exit = request.type().equals("exit-status") || request.type().equals("exit-signal");
        if (exit && !over.get()) {
            // Later it tells only that the host's process was hung up on, not why the relay ended.
            listener.exited(request);
        }
        if (request.type().equals("eow@openssh.com")) {
            // Told this, the client sends no more keys at all: none for the menu either.
            if (!keepOperatorOpen) {
                operator.sendRequest(request);
            }
            toHost.discard();
        } else if (exit && keepOperatorOpen) {
            return;
        } else {
            toOperator.then(() -> hostReplies.ask(request, operator));
        }
    }

    /** The host answered a request that was passed to it. */
    public void hostReply(boolean success) throws IOException {
        operatorReplies.answered(success);
    }

    /** The operator's client answered a request that was passed to it. */
    public void operatorReply(boolean success) throws IOException {
        hostReplies.answered(success);
    }

    /** The host closed its channel: all that it sent goes out first, then the relay is over. */
    public void hostClosed() {
        toOperator.then(
                () -> end(operatorClosing ? RelayEnd.OPERATOR_CLOSED : RelayEnd.HOST_CLOSED));
    }

    /** The host's connection is lost: what it sent goes out as far as it can. */
    public void hostLost(RelayEnd end) {
        toOperator.then(() -> end(end));
    }

    /**
     * The operator's client closed its channel, as OpenSSH's does when it has seen the end of the
     * output: the host hears it, and what it says of its process still goes back. As OpenSSH's
     * server it waits for that as long as the process runs; the client's connection, the host's and
     * the limits of the session bound it.
     */
    public void operatorClosing() {
        operatorClosing = true;
        toOperator.discard();
        toHost.then(host::closeChannel);
    }

    /** The operator's client is gone. */
    public void operatorClosed(RelayEnd end) {
        end(end);
    }

    /** The operator's channel, when it is one without requests. */
    public ChannelEvents operatorEvents() {
        return new ChannelEvents() {
            @Override
            public void data(int stream, byte[] bytes, int offset, int length) {
                operatorData(bytes, offset, length);
            }

            @Override
            public void eof() {
                operatorEof();
            }

            @Override
            public void room() {
                operatorRoom();
            }

            @Override
            public void closed() {
                toHost.then(() -> end(RelayEnd.OPERATOR_CLOSED));
            }

            @Override
            public void lost(RelayEnd why) {
                operatorClosed(why);
            }
        };
    }

    /** The host's channel, when it is one without requests. */
    public ChannelEvents hostEvents() {
        return new ChannelEvents() {
            @Override
            public void data(int stream, byte[] bytes, int offset, int length) {
                hostData(stream, bytes, offset, length);
            }

            @Override
            public void eof() {
                hostEof();
            }

            @Override
            public void room() {
                hostRoom();
            }

            @Override
            public void closed() {
                hostClosed();
            }

            @Override
            public void lost(RelayEnd why) {
                hostLost(why);
            }
        };
    }

    /** Stops what goes to the host, or lets it go on. */
    public void hold(boolean hold) {
        toHost.hold(hold);
    }

    /** Ends the relay from outside: cut off, shutdown, a limit. */
    public void cut(RelayEnd end) {
        end(end);
    }

    /** A flow tells of a failure with its lock held, which the tap's must not be taken under. */
    private void endLater(Throwable failure, ChannelEnd destination) {
        resume.execute(() -> end(RelayEnd.failed(failure, destination)));
    }

    private void end(RelayEnd end) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        host.closeChannel();
        resume.execute(toHost::discard);
        listener.ended(end, tap.ended());
    }

    /** Who waits for an answer, in order: answers carry no number (RFC 4254 section 5.4). */
    private static final class PendingReplies {

        private enum Answer {
            AWAITED,
            REFUSED
        }

        private final ChannelEnd asker;

        @GuardedBy("this")
        private final ArrayDeque<Answer> pending = new ArrayDeque<>();

        PendingReplies(ChannelEnd asker) {
            this.asker = asker;
        }

        synchronized void ask(ChannelRequest request, ChannelEnd asked) throws IOException {
            if (request.wantReply()) {
                pending.add(Answer.AWAITED);
            }
            asked.sendRequest(request);
        }

        synchronized void refuse(ChannelRequest request) throws IOException {
            if (request.wantReply()) {
                pending.add(Answer.REFUSED);
                answerRefused();
            }
        }

        synchronized void answered(boolean success) throws IOException {
            @Nullable Answer oldest = pending.peek();
            if (oldest == Answer.AWAITED) {
                pending.remove();
                asker.sendReply(success);
                answerRefused();
            }
        }

        @GuardedBy("this")
        private void answerRefused() throws IOException {
            while (pending.peek() == Answer.REFUSED) {
                pending.remove();
                asker.sendReply(false);
            }
        }
    }
}
