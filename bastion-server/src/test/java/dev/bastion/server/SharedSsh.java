package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection of OpenSSH's client that others share ({@code ControlMaster}). What is run over it
 * fails rather than connecting by itself. Closing ends it.
 */
final class SharedSsh implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Path socket;
    private final List<String> destination;

    private SharedSsh(Path socket, List<String> destination) {
        this.socket = socket;
        this.destination = destination;
    }

    /**
     * Connects.
     *
     * @param socket where the others find it; the path of a socket has at most 100 bytes
     * @param destination the arguments of {@code ssh}, without a command
     */
    static SharedSsh connect(Path socket, List<String> destination) {
        SharedSsh shared = new SharedSsh(socket, destination);
        SshClient.Result connected =
                SshClient.run(shared.words(List.of("-N", "-f", "-o", "ControlMaster=yes")), LIMIT);
        assertThat(connected.exitStatus()).as("%s", connected).isZero();
        return shared;
    }

    /**
     * The arguments of an {@code ssh} that uses it.
     *
     * @param more options and the command; options must come before the command
     */
    List<String> ssh(String... more) {
        List<String> words = words(List.of("-o", "ProxyCommand=false"));
        words.addAll(List.of(more));
        return words;
    }

    /** Runs one that uses it. */
    SshClient.Result run(String... more) {
        return SshClient.run(ssh(more), LIMIT);
    }

    private List<String> words(List<String> options) {
        List<String> words = new ArrayList<>(List.of("-o", "ControlPath=" + socket));
        words.addAll(options);
        words.addAll(destination);
        return words;
    }

    @Override
    public void close() {
        run("-O", "exit");
    }
}
