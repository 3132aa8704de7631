package dev.bastion.server.bench;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;

/** A shell of which only the echo is looked at. Thread-safe; keys are pressed by one thread. */
final class LightShell {

    private final ChannelShell channel;

    @GuardedBy("this")
    private Samples echoes = new Samples();

    /** When the key was pressed whose echo is awaited; 0 when none is. */
    @GuardedBy("this")
    private long pressedNanos;

    @GuardedBy("this")
    private boolean counted;

    private LightShell(ChannelShell channel) {
        this.channel = channel;
    }

    /** Opens one, with a terminal. */
    static LightShell open(ClientSession session, Duration limit) throws IOException {
        ChannelShell channel = session.createShellChannel();
        LightShell shell = new LightShell(channel);
        channel.setOut(shell.new Output());
        channel.open().verify(limit);
        channel.waitFor(EnumSet.of(ClientChannelEvent.OPENED, ClientChannelEvent.CLOSED), limit);
        return shell;
    }

    /**
     * Presses a key, unless the one before has not been echoed.
     *
     * @param counts whether the time to its echo is
     */
    void press(char key, boolean counts) throws IOException {
        synchronized (this) {
            if (pressedNanos != 0) {
                return;
            }
            counted = counts;
            pressedNanos = System.nanoTime();
        }
        OutputStream keys = channel.getInvertedIn();
        keys.write(key);
        keys.flush();
    }

    /** Whether an echo is awaited. */
    synchronized boolean waits() {
        return pressedNanos != 0;
    }

    /** The times from key to echo, in milliseconds, since this was called last. */
    synchronized Samples takeEchoes() {
        Samples taken = echoes;
        echoes = new Samples();
        return taken;
    }

    private synchronized void echoed() {
        if (pressedNanos != 0) {
            if (counted) {
                echoes.addMillisSince(pressedNanos);
            }
            pressedNanos = 0;
        }
    }

    /** What the host says; written by the connection's reader. */
    private final class Output extends OutputStream {

        @Override
        public void write(int one) {
            echoed();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            echoed();
        }
    }
}
