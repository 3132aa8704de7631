package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bastion as it really runs: a process of its own, which can be killed. Thread-safe. Closing
 * kills it.
 */
final class BastionProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("listening on (\\S+):([0-9]+)");

    private final Process process;
    private final String host;
    private final int port;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final List<String> errors;
    private final Thread errorReader;

    private BastionProcess(
            Process process,
            BufferedReader out,
            String host,
            int port,
            List<String> errors,
            Thread errorReader) {
        this.process = process;
        Thread.ofPlatform().daemon().name("bastion-output").start(() -> collect(out, output));
        this.host = host;
        this.port = port;
        this.errors = errors;
        this.errorReader = errorReader;
    }

    /** Starts {@code serve} on a free port and waits until it listens. */
    static BastionProcess serve(Path data, String... more) {
        return serveWith(List.of(), "127.0.0.1:0", data, more);
    }

    /**
     * The same on a disk that takes so long for each sync. The kernel's ptrace does that; what it
     * saw goes to a file, one line a sync.
     */
    static BastionProcess serveOnSlowDisk(Duration sync, Path trace, Path data, String... more) {
        String calls = "fdatasync,fsync";
        return serveWith(
                List.of(
                        "strace",
                        "-D",
                        "-f",
                        "-y",
                        "--seccomp-bpf",
                        "-qqq",
                        "--signal=none",
                        "--trace=" + calls,
                        "--inject=" + calls + ":delay_exit=" + sync.toMillis() + "ms",
                        "-o",
                        trace.toString()),
                List.of(),
                "127.0.0.1:0",
                data,
                more);
    }

    /** The same with little memory: an allocation that does not fit ends the process. */
    static BastionProcess serveInHeap(int mebibytes, Path data) {
        return serveWith(
                List.of("-Xmx" + mebibytes + "m", "-XX:+ExitOnOutOfMemoryError"),
                "127.0.0.1:0",
                data);
    }

    /** The same, at this address. */
    static BastionProcess serveAt(String listen, Path data, String... more) {
        return serveWith(List.of(), listen, data, more);
    }

    private static BastionProcess serveWith(
            List<String> jvmFlags, String listen, Path data, String... more) {
        return serveWith(List.of(), jvmFlags, listen, data, more);
    }

    private static BastionProcess serveWith(
            List<String> under, List<String> jvmFlags, String listen, Path data, String... more) {
        List<String> command = new ArrayList<>(under);
        command.add(java());
        command.addAll(flags(jvmFlags));
        command.addAll(List.of("serve", "--data", data.toString(), "--listen", listen));
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command).start();
            List<String> errors = Collections.synchronizedList(new ArrayList<>());
            Thread errorReader =
                    Thread.ofPlatform()
                            .daemon()
                            .name("bastion-errors")
                            .start(() -> collect(process.errorReader(), errors));
            BufferedReader out = process.inputReader();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher listening = LISTENING.matcher(line);
                if (listening.matches()) {
                    int port = Integer.parseInt(listening.group(2));
                    return new BastionProcess(
                            process, out, listening.group(1), port, errors, errorReader);
                }
            }
            process.waitFor();
            errorReader.join();
            throw new AssertionError("bastion serve did not listen: " + errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The words that run a command of the process's command line. */
    static List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(flags(List.of()));
        command.addAll(List.of(words));
        return command;
    }

    /** Runs a command of the process's command line to its end. */
    static SshClient.Result run(String... words) {
        return runWith(new byte[0], words);
    }

    /** The same, with this on its standard input. */
    static SshClient.Result runWith(byte[] stdin, String... words) {
        List<String> arguments = new ArrayList<>(flags(List.of()));
        arguments.addAll(List.of(words));
        return SshClient.runProgram(java(), arguments, stdin, LIMIT);
    }

    /**
     * The same, bound by the permissions of files as any login is: root is run without the
     * capability to pass them by.
     */
    static SshClient.Result runWithinPermissions(String... words) {
        if (!System.getProperty("user.name").equals("root")) {
            return run(words);
        }
        List<String> arguments =
                new ArrayList<>(List.of("--bounding-set=-dac_override,-dac_read_search", java()));
        arguments.addAll(flags(List.of()));
        arguments.addAll(List.of(words));
        return SshClient.runProgram("setpriv", arguments, new byte[0], LIMIT);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The JVM's flags and the main class; of two that say the same, the JVM takes the later. */
    private static List<String> flags(List<String> more) {
        List<String> flags =
                new ArrayList<>(
                        List.of(
                                "-Xmx192m",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED"));
        flags.addAll(more);
        flags.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return flags;
    }

    /** The host that it says it listens on, as it writes it. */
    String host() {
        return host;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The stacks of all its threads, virtual ones too. */
    String threads(Path into) {
        jcmd("Thread.dump_to_file", "-overwrite", into.toString());
        try {
            return Files.readString(into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of its heap that are in use after a collection. */
    long liveHeapBytes() {
        String total = jcmd("GC.class_histogram").lines().toList().getLast();
        return Long.parseLong(total.strip().split(" +", -1)[2]);
    }

    private String jcmd(String... words) {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(pid())));
        arguments.addAll(List.of(words));
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        SshClient.Result told = SshClient.runProgram(jcmd, arguments, new byte[0], LIMIT);
        assertThat(told.exitStatus()).as("jcmd: %s", told).isZero();
        return told.text();
    }

    /** Its memory that is resident, from any kind of allocation. */
    long residentBytes() {
        return status("VmRSS") * 1024;
    }

    /** Threads of the operating system. */
    long systemThreads() {
        return status("Threads");
    }

    /** A number of /proc/PID/status. */
    private long status(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid(), "status"))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its open files and sockets. */
    long openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc", "" + pid(), "fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it wrote to standard error until now. */
    String errors() {
        synchronized (errors) {
            return String.join("\n", errors);
        }
    }

    /** What it wrote to standard output after it listened. */
    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /**
     * Lets the kernel refuse it every write past these first bytes of a file, as a full disk would.
     *
     * @param bytes a number, or {@code unlimited}
     */
    void limitFiles(String bytes) {
        SshClient.Result limited =
                SshClient.runProgram(
                        "prlimit",
                        List.of("--pid", Long.toString(pid()), "--fsize=" + bytes + ":"),
                        new byte[0],
                        LIMIT);
        assertThat(limited.exitStatus()).as("prlimit: %s", limited).isZero();
    }

    /** SIGKILL, and waits until it is gone. Idempotent. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    /** SIGTERM; its exit status. */
    int terminate(Duration limit) {
        process.destroy();
        awaitEnd(limit);
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }

    private void awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the bastion did not end within " + limit);
            }
            errorReader.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void collect(BufferedReader reader, List<String> into) {
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                into.add(line);
            }
        } catch (IOException e) {
            into.add(e.toString());
        }
    }
}
