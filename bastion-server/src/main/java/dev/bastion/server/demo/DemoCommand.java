package dev.bastion.server.demo;

import com.pty4j.PtyProcess;
import com.pty4j.WinSize;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/**
 * One shell or exec request: a process, and threads that carry its bytes. The threads are platform
 * threads, because reading a PTY blocks inside native code. Confined to its channel.
 */
final class DemoCommand implements Command {

    /** How long a PTY must be silent after its leader ended: others may hold it open for ever. */
    private static final Duration SILENCE = Duration.ofMillis(300);

    private final DemoProcesses processes;
    private final @Nullable String command;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback callback;
    private volatile @Nullable Process process;
    private volatile @Nullable Signal lastSignal;
    private volatile boolean writing;
    private final AtomicLong reads = new AtomicLong();

    DemoCommand(DemoProcesses processes, @Nullable String command) {
        this.processes = processes;
        this.command = command;
    }

    @Override
    public void setInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        this.err = err;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        this.callback = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        Map<String, String> requested = environment.getEnv();
        DemoChannel demoChannel = (DemoChannel) channel;
        boolean pty = demoChannel.hasTerminal();
        Process started =
                pty
                        ? processes.startInPty(command, requested)
                        : processes.startPlain(command, requested);
        process = started;
        environment.addSignalListener((ch, signal) -> onSignal(environment, signal));
        thread("demo-in", () -> carryInput(started));
        Thread output = thread("demo-out", () -> carryOutput(started));
        Thread errors =
                pty ? null : thread("demo-err", () -> carry(started.getErrorStream(), err()));
        thread("demo-exit", () -> awaitExit(demoChannel, started, output, errors));
    }

    /** The channel is gone. A process that lost its terminal is told so, as the kernel would. */
    @Override
    public void destroy(ChannelSession channel) {
        Process started = process;
        if (started == null || !started.isAlive()) {
            return;
        }
        thread("demo-hangup", () -> hangUp(started));
    }

    private void hangUp(Process started) {
        try {
            processes.signal(started, "HUP");
            closeQuietly(started);
        } catch (IOException | InterruptedException e) {
            ProcessHandle.of(started.pid()).ifPresent(processes::end);
        }
    }

    private void onSignal(Environment environment, Signal signal) {
        Process started = process;
        if (started == null) {
            return;
        }
        if (signal == Signal.WINCH) {
            if (started instanceof PtyProcess terminal) {
                int columns = DemoProcesses.size(environment.getEnv().get("COLUMNS"), 0);
                int rows = DemoProcesses.size(environment.getEnv().get("LINES"), 0);
                terminal.setWinSize(new WinSize(columns, rows));
            }
            return;
        }
        lastSignal = signal;
        thread(
                "demo-signal",
                () -> {
                    try {
                        processes.signal(started, signal.name());
                    } catch (IOException | InterruptedException e) {
                        started.destroy();
                    }
                });
    }

    private void carryInput(Process started) {
        carry(in(), started.getOutputStream());
        // The end of a client's input ends a pipe. On a terminal it means nothing: sshd ignores it.
        if (!(started instanceof PtyProcess)) {
            try {
                started.getOutputStream().close();
            } catch (IOException e) {
                // The process has closed its end already.
            }
        }
    }

    private void awaitExit(
            DemoChannel channel, Process started, Thread output, @Nullable Thread errors) {
        try {
            int status = started.waitFor();
            if (errors == null) {
                drain(output);
            } else {
                output.join();
                errors.join();
            }
            Signal signal = lastSignal;
            if (signal != null && status == 128 + signal.getNumeric()) {
                channel.endedBySignal(signal.name());
            } else {
                Objects.requireNonNull(callback).onExit(status);
            }
        } catch (InterruptedException | IOException e) {
            channel.close(true);
        }
    }

    /** Waits until a PTY has no more to say. A client that reads slowly is waited for. */
    private void drain(Thread output) throws InterruptedException {
        long seen = -1;
        while (!output.join(SILENCE) && (writing || seen != reads.get())) {
            seen = reads.get();
        }
    }

    private void carryOutput(Process started) {
        OutputStream counted =
                new FilterOutputStream(out()) {
                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        writing = true;
                        try {
                            out.write(bytes, offset, length);
                            out.flush();
                        } finally {
                            reads.incrementAndGet();
                            writing = false;
                        }
                    }
                };
        carry(started.getInputStream(), counted);
    }

    /** Carries bytes until either side ends; each piece goes on at once. */
    private static void carry(InputStream from, OutputStream to) {
        byte[] piece = new byte[32 * 1024];
        try {
            for (int n = from.read(piece); n >= 0; n = from.read(piece)) {
                to.write(piece, 0, n);
                to.flush();
            }
        } catch (IOException e) {
            // One side is gone, which is how a terminal ends.
        }
    }

    private static void closeQuietly(Process started) {
        try {
            started.getOutputStream().close();
            started.getInputStream().close();
            started.getErrorStream().close();
        } catch (IOException e) {
            // Closed already.
        }
    }

    private static Thread thread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    private InputStream in() {
        return Objects.requireNonNull(in);
    }

    private OutputStream out() {
        return Objects.requireNonNull(out);
    }

    private OutputStream err() {
        return Objects.requireNonNull(err);
    }
}
