package dev.bastion.server.tap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.RelayTap;
import java.util.concurrent.CompletableFuture;

/**
 * The tap of a command that is the host's end of the old scp protocol. Everything passes; the files
 * that are seen to pass are recorded after the fact. The command itself is recorded before it runs,
 * as any other. A client that does not keep to the protocol can hide files from this. Thread-safe;
 * nothing here blocks.
 */
public final class ScpTap implements RelayTap {

    private final FileRecorder recorder;
    private final boolean fromOperator;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ScpConversation conversation;

    private volatile boolean over;

    public ScpTap(FileRecorder recorder, ScpCommand command) {
        this.recorder = recorder;
        this.fromOperator = command.toHost();
        this.conversation = new ScpConversation(command, recorder);
    }

    @Override
    public void toHost(byte[] bytes, int offset, int length, Passage passage) {
        // Before they go on: an answer to them must come after them here too.
        look(fromOperator, bytes, offset, length);
        passage.pass(offset, length, recorder.failure());
    }

    @Override
    public void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage) {
        if (stream == ChannelEnd.DATA) {
            look(!fromOperator, bytes, offset, length);
        }
        passage.pass(offset, length, null);
    }

    private void look(boolean source, byte[] bytes, int offset, int length) {
        synchronized (lock) {
            if (over) {
                return;
            }
            if (source) {
                conversation.source(bytes, offset, length);
            } else {
                conversation.sink(bytes, offset, length);
            }
            var _ = recorder.append();
        }
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
}
