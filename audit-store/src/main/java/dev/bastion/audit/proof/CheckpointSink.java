package dev.bastion.audit.proof;

import java.io.IOException;
import java.io.PrintStream;

/**
 * Takes checkpoints to where an administrator of the bastion cannot change them. Called on a thread
 * of its own, one at a time; may block.
 */
public interface CheckpointSink {

    /**
     * Takes one. The same one may come twice. When this throws, it is called again later with what
     * is then the newest, which speaks for all before it.
     */
    void take(Checkpoint checkpoint) throws IOException;

    /** Prints each as its {@link Checkpoint#line}. */
    static CheckpointSink lines(PrintStream out) {
        return checkpoint -> {
            out.println(checkpoint.line());
            out.flush();
        };
    }
}
