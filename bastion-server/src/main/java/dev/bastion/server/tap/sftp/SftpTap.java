package dev.bastion.server.tap.sftp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.relay.BrokenProtocolException;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.RelayTap;
import dev.bastion.server.tap.FileRecorder;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * The tap of an SFTP session: what is not granted does not reach the host, and what is done to
 * files is recorded.
 *
 * <p>Packets are relayed as they are. One of the client is kept back until it is whole, or until
 * its data begins; then it goes on, or the client gets an answer from here between two packets of
 * the host. The host's bytes are only looked at. Of a file's data nothing is kept or copied.
 *
 * <p>A record is appended when the host's answer passes, and nothing waits for it: what a host did
 * in the moment before the bastion was killed can be missing. The session's end is recorded after
 * all others. When an append fails nothing more goes to the host.
 *
 * <p>What is not SFTP ends the session with a sentence. Thread-safe; nothing here blocks.
 */
public final class SftpTap implements RelayTap {

    /** Answers that wait for the end of the host's packet. */
    private static final int WAITING_LIMIT = 4_096;

    private final FileRecorder recorder;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Conversation conversation;

    @GuardedBy("lock")
    private final PacketReader requests = new PacketReader(Shapes::request);

    @GuardedBy("lock")
    private final PacketReader replies = new PacketReader(Shapes::reply);

    /** Answers from here. */
    @GuardedBy("lock")
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

    /** Whether the packet whose data comes from the client goes nowhere. */
    @GuardedBy("lock")
    private boolean refusing;

    private volatile boolean over;

    public SftpTap(FileRecorder recorder, FileRights rights) {
        this.recorder = recorder;
        this.conversation = new Conversation(rights, recorder);
    }

    @Override
    public void toHost(byte[] bytes, int offset, int length, Passage passage) {
        synchronized (lock) {
            if (over) {
                return;
            }
            CompletableFuture<?> failure = recorder.failure();
            if (failure != null) {
                end(failure, offset, passage);
                return;
            }
            Run run = new Run(passage, offset);
            try {
                requests.read(bytes, offset, length);
                PacketReader.Part part = requests.next();
                while (part != PacketReader.Part.NONE) {
                    if (part == PacketReader.Part.HEAD) {
                        request(run, passage);
                    } else if (!refusing) {
                        int start = requests.partStart();
                        conversation.requestData(bytes, start, requests.partEnd() - start);
                        run.add(start, requests.partEnd());
                    }
                    part = requests.next();
                }
                run.pass();
            } catch (MalformedPacketException e) {
                run.pass();
                end(broken("your client sent what is not SFTP: ", e), offset, passage);
            }
            var _ = recorder.append();
        }
    }

    /** Lets the request go on whose head was read, or answers it. */
    @GuardedBy("lock")
    private void request(Run run, Passage passage) throws MalformedPacketException {
        Verdict verdict =
                conversation.request(requests.head(), requests.type(), requests.bodyLeft());
        refusing = !(verdict instanceof Verdict.Pass);
        switch (verdict) {
            case Verdict.Pass pass -> {
                if (requests.keptBefore() > 0) {
                    passage.passKept(requests.head().array(), 0, requests.keptBefore());
                }
                run.add(requests.partStart(), requests.partEnd());
            }
            case Verdict.Answer(byte[] packet) -> answer(packet, passage);
            case Verdict.Replace(byte[] packet) -> passage.passKept(packet, 0, packet.length);
        }
    }

    @GuardedBy("lock")
    private void answer(byte[] packet, Passage passage) throws MalformedPacketException {
        if (replies.atBoundary()) {
            passage.answer(packet);
        } else if (waiting.size() < WAITING_LIMIT) {
            waiting.add(packet);
        } else {
            throw new MalformedPacketException("too many requests while an answer is under way");
        }
    }

    @Override
    public void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage) {
        if (stream != ChannelEnd.DATA) {
            passage.pass(offset, length, null);
            return;
        }
        synchronized (lock) {
            if (over) {
                return;
            }
            Run run = new Run(passage, offset);
            try {
                replies.read(bytes, offset, length);
                PacketReader.Part part = replies.next();
                while (part != PacketReader.Part.NONE) {
                    int start = replies.partStart();
                    if (part == PacketReader.Part.HEAD) {
                        conversation.reply(replies.head(), replies.type(), replies.bodyLeft());
                    } else {
                        conversation.replyData(bytes, start, replies.partEnd() - start);
                    }
                    run.add(start, replies.partEnd());
                    if (replies.atBoundary() && !waiting.isEmpty()) {
                        run.pass();
                        waiting.forEach(passage::answer);
                        waiting.clear();
                    }
                    part = replies.next();
                }
                run.add(replies.partStart(), offset + length);
                run.pass();
            } catch (MalformedPacketException e) {
                run.pass();
                end(broken("the host sent what is not SFTP: ", e), offset, passage);
            }
            var _ = recorder.append();
        }
    }

    private static CompletableFuture<?> broken(String start, MalformedPacketException why) {
        return CompletableFuture.failedFuture(
                new BrokenProtocolException(start + why.getMessage()));
    }

    /** Nothing goes on any more; the barrier ends the relay before the byte behind it goes. */
    @GuardedBy("lock")
    private void end(CompletableFuture<?> failed, int offset, Passage passage) {
        over = true;
        passage.pass(offset, 1, failed);
    }

    @Override
    public CompletableFuture<?> ended() {
        over = true;
        return recorder.end(this::recordTheRest);
    }

    private void recordTheRest() {
        synchronized (lock) {
            conversation.end();
            var _ = recorder.append();
        }
    }

    /** Neighbouring parts of a chunk that go on in one piece. */
    private static final class Run {

        private final Passage passage;
        private int start;
        private int end;

        Run(Passage passage, int offset) {
            this.passage = passage;
            this.start = offset;
            this.end = offset;
        }

        void add(int from, int to) {
            if (from != end) {
                pass();
                start = from;
            }
            end = to;
        }

        void pass() {
            if (end > start) {
                passage.pass(start, end - start, null);
            }
            start = end;
        }
    }
}
