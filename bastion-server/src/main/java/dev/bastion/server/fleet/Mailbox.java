package dev.bastion.server.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/**
 * What other threads have for the one that serves. They hold locks of their relays, so nothing is
 * done in their calls but this. Thread-safe. Bounded by those who post: they post bytes as far as
 * there is a window for them, and all else at most a few times for each channel and window.
 */
final class Mailbox {

    @GuardedBy("this")
    private List<Runnable> tasks = new ArrayList<>();

    @GuardedBy("this")
    private boolean closed;

    /** Leaves a task; whether somebody will do it. */
    synchronized boolean post(Runnable task) {
        if (closed) {
            return false;
        }
        tasks.add(task);
        notifyAll();
        return true;
    }

    /** All tasks, as soon as there is one. Blocks. */
    synchronized List<Runnable> await() throws InterruptedException {
        while (tasks.isEmpty()) {
            wait();
        }
        return takeAll();
    }

    /** All tasks; perhaps none. */
    synchronized List<Runnable> takeAll() {
        List<Runnable> taken = tasks;
        tasks = new ArrayList<>();
        return taken;
    }

    /** Takes no more; what is there is still to be done. */
    synchronized List<Runnable> close() {
        closed = true;
        return takeAll();
    }
}
