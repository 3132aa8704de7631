package dev.bastion.server.transport.loop;

import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * What an SSH connection runs on: a socket, or a channel of another connection. Thread-safe; no
 * call blocks.
 */
public interface Carrier extends IoSession {

    /** The carrier of a connection; absent for one that is not ours, such as a test's. */
    static @Nullable Carrier of(Session session) {
        return session.getIoSession() instanceof Carrier carrier ? carrier : null;
    }

    /** The socket at the bottom. */
    LoopSession socket();

    /** When something came last, as {@link System#nanoTime} has it. */
    long heardNanos();

    /** Bytes that were written here and have not gone on. */
    long unsent();

    /** Runs a task on the thread that reads, between two reads; dropped when that one has ended. */
    void betweenReads(Runnable task);

    /**
     * While keys are exchanged no data may leave: it waits with whoever has it, who is told when it
     * may go again, as when little is unsent.
     */
    void exchangesKeys(boolean now);

    /** Whether keys are exchanged now. */
    boolean exchangesKeys();

    /** How many exchanges of keys have begun. */
    int exchanges();

    /** Calls a listener, on the socket's thread, whenever little is unsent again. */
    void addDrainListener(Runnable listener);

    void removeDrainListener(Runnable listener);
}
