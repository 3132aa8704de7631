package dev.bastion.server.rig;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An OpenSSH {@code ssh-agent} without keys. Closing ends it. */
public final class SshAgent implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Process process;
    private final Path socket;

    private SshAgent(Process process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    /** Starts one whose socket is {@code folder/agent}, and waits until it is there. */
    public static SshAgent start(Path folder) {
        Path socket = folder.resolve("agent");
        List<String> command =
                List.of(Programs.find("ssh-agent").toString(), "-D", "-a", socket.toString());
        try {
            SshAgent agent = new SshAgent(new ProcessBuilder(command).start(), socket);
            await().atMost(LIMIT).until(() -> Files.exists(socket));
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path socket() {
        return socket;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
