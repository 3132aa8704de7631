package dev.bastion.server.rig;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code ssh} without a terminal that runs while the test goes on: a command whose output comes and
 * comes. Its first line is kept, the rest is counted and dropped. Closing ends it by force.
 */
public final class RunningSsh implements AutoCloseable {

    private final Process process;
    private final StringBuilder firstLine = new StringBuilder();
    private final AtomicLong bytes = new AtomicLong();
    private final Thread reader;

    private RunningSsh(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("running-ssh").unstarted(this::read);
    }

    public static RunningSsh start(List<String> arguments) {
        try {
            RunningSsh running = new RunningSsh(SshClient.start("ssh", arguments));
            running.reader.start();
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        byte[] piece = new byte[64 * 1024];
        boolean first = true;
        try (InputStream out = process.getInputStream()) {
            for (int n = out.read(piece); n >= 0; n = out.read(piece)) {
                for (int i = 0; first && i < n; i++) {
                    first = piece[i] != '\n';
                    if (first) {
                        firstLine.append((char) piece[i]);
                    }
                }
                bytes.addAndGet(n);
            }
        } catch (IOException e) {
            // Ended by force; what came until then counts.
        }
    }

    /** How many bytes of standard output have come until now. */
    public long bytes() {
        return bytes.get();
    }

    /** The first line of standard output, once {@link #bytes} is past it. */
    public String firstLine() {
        return firstLine.toString();
    }

    /** Feeds its standard input until it has taken nothing for a second; how many bytes it took. */
    public long sendUntilStuck(Duration limit) {
        AtomicLong taken = new AtomicLong();
        Thread.ofPlatform().daemon().name("feed-ssh").start(() -> feed(taken));
        AtomicLong before = new AtomicLong(-1);
        await().atMost(limit)
                .pollDelay(Duration.ofSeconds(1))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> before.getAndSet(taken.get()) == taken.get());
        return taken.get();
    }

    private void feed(AtomicLong taken) {
        byte[] piece = new byte[16 * 1024];
        try {
            while (true) {
                process.getOutputStream().write(piece);
                taken.addAndGet(piece.length);
            }
        } catch (IOException e) {
            // It has ended.
        }
    }

    /** Sends it a signal, e.g. {@code -STOP}. */
    public void signal(String signal) {
        SshClient.Result sent =
                SshClient.runProgram(
                        "kill",
                        List.of(signal, String.valueOf(process.pid())),
                        new byte[0],
                        Duration.ofSeconds(5));
        if (sent.exitStatus() != 0) {
            throw new AssertionError("kill " + signal + ": " + sent);
        }
    }

    /** Waits for it to end by itself; gives its exit status. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("ssh did not end within " + limit);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Standard error, when it has ended. */
    public String errors() {
        try {
            return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. Idempotent. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
