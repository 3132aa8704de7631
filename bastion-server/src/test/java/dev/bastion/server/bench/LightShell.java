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

    /** The times from other keys to their echo, and from Enters to theirs. */
    @GuardedBy("this")
    private Samples keys = new Samples();

    @GuardedBy("this")
    private Samples enters = new Samples();

    /** When the key was pressed whose echo is awaited; 0 when none is. */
    @GuardedBy("this")
    private long pressedNanos;

    @GuardedBy("this")
    private boolean enter;

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

    /** Presses a key, unless the one before has not been echoed. */
    void press(char key) throws IOException {
        synchronized (this) {
            if (pressedNanos != 0) {
                return;
            }
            enter = key == '\r';
            pressedNanos = System.nanoTime();
        }
        OutputStream typed = channel.getInvertedIn();
        typed.write(key);
        typed.flush();
    }

    /** Whether an echo is awaited. */
    synchronized boolean waits() {
        return pressedNanos != 0;
    }

    /** The times from keys other than Enter to their echo, in ms, since this was called last. */
    synchronized Samples takeKeys() {
        Samples taken = keys;
        keys = new Samples();
        return taken;
    }

    /** The same of Enters. */
    synchronized Samples takeEnters() {
        Samples taken = enters;
        enters = new Samples();
        return taken;
    }

    private synchronized void echoed() {
        if (pressedNanos != 0) {
            (enter ? enters : keys).addMillisSince(pressedNanos);
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
