package dev.bastion.server.demo;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts what the sessions of one demo host run, and ends what is left of it. Thread-safe. */
final class DemoProcesses implements AutoCloseable {

    private static final Path BASH = Path.of("/bin/bash");
    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_ROWS = 24;
    private static final int MOST_CELLS = 0xFFFF;

    private final String hostName;
    private final Set<ProcessHandle> running = ConcurrentHashMap.newKeySet();

    DemoProcesses(String hostName) {
        this.hostName = hostName;
    }

    /**
     * Starts a command with its standard streams apart.
     *
     * @param command for {@code sh -c}; null for a shell that reads its commands from standard
     *     input
     */
    Process startPlain(@Nullable String command, Map<String, String> requested) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(arguments(command, false));
        builder.directory(Path.of(System.getProperty("user.home")).toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(requested));
        return track(builder.start());
    }

    /** Starts a shell, or a command, in a PTY of its own, of which it is the session leader. */
    PtyProcess startInPty(@Nullable String command, Map<String, String> requested)
            throws IOException {
        Map<String, String> environment = environment(requested);
        environment.put("TERM", requested.getOrDefault("TERM", "dumb"));
        PtyProcess process =
                new PtyProcessBuilder(arguments(command, true).toArray(String[]::new))
                        .setEnvironment(environment)
                        .setDirectory(System.getProperty("user.home"))
                        .setInitialColumns(size(requested.get("COLUMNS"), DEFAULT_COLUMNS))
                        .setInitialRows(size(requested.get("LINES"), DEFAULT_ROWS))
                        .start();
        return track(process);
    }

    /** A width or height as a terminal can have it; 0 is "unknown" (RFC 4254 section 6.2). */
    static int size(@Nullable String requested, int otherwise) {
        if (requested == null || !requested.matches("[0-9]{1,9}")) {
            return otherwise;
        }
        return Math.min(Integer.parseInt(requested), MOST_CELLS);
    }

    /** Ends every process that still runs, with its descendants. */
    @Override
    public void close() {
        for (ProcessHandle process : List.copyOf(running)) {
            end(process);
        }
    }

    /** Ends a process and, while it can still name them, its descendants. */
    void end(ProcessHandle process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process);
        all.forEach(ProcessHandle::destroyForcibly);
        running.remove(process);
    }

    /** Sends a signal as {@code kill} would: the whole group for the leader of a PTY. */
    void signal(Process process, String name) throws IOException, InterruptedException {
        String target = (process instanceof PtyProcess ? "-" : "") + process.pid();
        Process kill =
                new ProcessBuilder("kill", "-s", name, "--", target)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!kill.waitFor(5, TimeUnit.SECONDS)) {
            kill.destroyForcibly();
        }
    }

    private <P extends Process> P track(P process) {
        ProcessHandle handle = ProcessHandle.of(process.pid()).orElse(null);
        if (handle != null) {
            running.add(handle);
            var _ = handle.onExit().thenAccept(running::remove);
        }
        return process;
    }

    private static List<String> arguments(@Nullable String command, boolean pty) {
        if (command != null) {
            return List.of("/bin/sh", "-c", command);
        }
        if (!Files.isExecutable(BASH)) {
            return pty ? List.of("/bin/sh", "-i") : List.of("/bin/sh");
        }
        // The person's own start files would put their own prompt in the place of the host's name.
        return pty
                ? List.of(BASH.toString(), "--noprofile", "--norc", "-i")
                : List.of(BASH.toString(), "--noprofile", "--norc");
    }

    private Map<String, String> environment(Map<String, String> requested) {
        Map<String, String> environment = new HashMap<>();
        for (String name : List.of("PATH", "LANG", "TZ")) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("HOME", System.getProperty("user.home"));
        environment.put("USER", System.getProperty("user.name"));
        environment.put("LOGNAME", System.getProperty("user.name"));
        environment.put("SHELL", Files.isExecutable(BASH) ? BASH.toString() : "/bin/sh");
        environment.put("HOST", hostName);
        environment.put("PS1", hostName + "$ ");
        environment.put("HISTFILE", "/dev/null");
        // What Debian's sshd accepts from a client: AcceptEnv LANG LC_*.
        requested.forEach((name, value) -> {
            if (name.equals("LANG") || name.startsWith("LC_")) {
                environment.put(name, value);
            }
        });
        return environment;
    }
}
