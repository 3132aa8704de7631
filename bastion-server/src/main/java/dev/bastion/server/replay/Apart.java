package dev.bastion.server.replay;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs what draws screens on a thread of the system's, so that what shares virtual threads with
 * others, key presses among it, does not wait for it.
 */
final class Apart {

    interface Task {
        void run() throws IOException, InterruptedException;
    }

    private Apart() {}

    /** Runs it and waits; an interrupt goes through to it. */
    static void run(String name, Task task) throws IOException {
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name(name)
                        .start(() -> {
                            try {
                                task.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } catch (Throwable e) {
                                failed.set(e);
                            }
                        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return;
        }
        switch (failed.get()) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
