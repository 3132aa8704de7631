package dev.bastion.server.backend;

import dev.bastion.server.transport.RelayedChannel;
import java.util.concurrent.CompletableFuture;

/** Decides about the channels that a host opens towards the operator. */
public interface HostOpener {

    /**
     * The host asks. Called on the host connection's reader thread; must not block.
     *
     * @param type {@code forwarded-tcpip} or {@code auth-agent@openssh.com}
     * @param data of the opening, after the window and packet sizes
     * @return completes when the channel is bound and may open; exceptionally with a {@link
     *     dev.bastion.server.transport.ChannelRefusedException} when it may not
     */
    CompletableFuture<?> opening(String type, RelayedChannel channel, byte[] data);
}
