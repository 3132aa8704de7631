package dev.bastion.server.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.StreamCorruptedException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.AbstractChannel;

/**
 * What the peer of a channel may still send (RFC 4254 section 5.2). It is kept beside MINA's own
 * window, which grants only what a reader has taken, in steps of its own. Thread-safe.
 */
public final class ReceiveWindow {

    private final AbstractChannel channel;
    private final ChannelPackets packets;

    @GuardedBy("this")
    private long granted = -1;

    public ReceiveWindow(AbstractChannel channel, ChannelPackets packets) {
        this.channel = channel;
        this.packets = packets;
    }

    /** Begins as large as it was announced when the channel was opened. */
    @GuardedBy("this")
    private void begin() {
        if (granted < 0) {
            granted = channel.getLocalWindow().getMaxSize();
        }
    }

    /**
     * Takes what came out of the window.
     *
     * @param length of the data of one packet, as its sender states it
     * @return the length
     * @throws IOException when the packet is larger than was announced, or more than was granted
     */
    public synchronized long received(int command, long length) throws IOException {
        begin();
        if (length > channel.getLocalWindow().getPacketSize() || length > granted) {
            throw new StreamCorruptedException(
                    SshConstants.getCommandMessageName(command)
                            + " with "
                            + length
                            + " bytes is more than the channel may send");
        }
        granted -= length;
        return length;
    }

    public synchronized long granted() {
        begin();
        return granted;
    }

    public void grant(long bytes) throws IOException {
        synchronized (this) {
            begin();
            granted += bytes;
        }
        packets.windowAdjust(bytes);
    }
}
