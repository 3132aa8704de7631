package dev.bastion.server.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The TCP sockets of all programs of this machine, as Linux lists them (proc(5), /proc/net/tcp).
 */
final class TcpSockets {

    private static final String ESTABLISHED = "01";
    private static final String SYN_SENT = "02";

    /** The other side has ended, and the program holds the socket. */
    private static final String CLOSE_WAIT = "08";

    private TcpSockets() {}

    /** How many are connected to a port, whether it answers or not. */
    static long connectedTo(int port) {
        return count(port, Set.of(ESTABLISHED, CLOSE_WAIT));
    }

    /** How many try to connect to it. */
    static long connectingTo(int port) {
        return count(port, Set.of(SYN_SENT));
    }

    private static long count(int port, Set<String> states) {
        return count("/proc/net/tcp", port, states) + count("/proc/net/tcp6", port, states);
    }

    private static long count(String table, int port, Set<String> states) {
        String remote = String.format("%04X", port);
        try (Stream<String> sockets = Files.lines(Path.of(table))) {
            return sockets.map(line -> line.strip().split(" +"))
                    .filter(words -> words[2].endsWith(":" + remote))
                    .filter(words -> states.contains(words[3]))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
