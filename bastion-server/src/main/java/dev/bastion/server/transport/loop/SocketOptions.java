package dev.bastion.server.transport.loop;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import org.apache.sshd.common.PropertyResolver;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * What a server's or client's properties say of its sockets.
 *
 * @param keepAlive SO_KEEPALIVE
 * @param noDelay TCP_NODELAY
 * @param backlog connections that wait to be accepted; 0 for the system's own number
 */
record SocketOptions(boolean keepAlive, boolean noDelay, int backlog) {

    static SocketOptions of(PropertyResolver properties) {
        return new SocketOptions(
                CoreModuleProperties.SOCKET_KEEPALIVE.get(properties).orElse(false),
                CoreModuleProperties.TCP_NODELAY.get(properties).orElse(false),
                CoreModuleProperties.SOCKET_BACKLOG.getRequired(properties));
    }

    void applyTo(NetworkChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, keepAlive);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, noDelay);
    }
}
