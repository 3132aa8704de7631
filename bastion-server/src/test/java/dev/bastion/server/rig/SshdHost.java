package dev.bastion.server.rig;

import dev.bastion.server.identity.AuthorizedKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A private OpenSSH {@code sshd} on a loopback address, with a host key and an authorized key of
 * its own. The account is the current user. Closing ends it, its sessions and what they run.
 */
public final class SshdHost implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(15);
    private static final int ATTEMPTS = 5;

    private final String address;
    private final int port;
    private final Path folder;
    private final Keys hostKeys;
    private final Keys userKeys;
    private final Process process;

    private SshdHost(
            String address, int port, Path folder, Keys hostKeys, Keys userKeys, Process process) {
        this.address = address;
        this.port = port;
        this.folder = folder;
        this.hostKeys = hostKeys;
        this.userKeys = userKeys;
        this.process = process;
    }

    /** Starts one on 127.0.0.1; its files go into a new folder inside {@code parent}. */
    public static SshdHost start(Path parent) {
        return start(parent, "127.0.0.1", List.of());
    }

    /**
     * Starts one.
     *
     * @param address a loopback address; many hosts can have one each, 127.0.9.1, 127.0.9.2, …
     * @param moreConfiguration lines of sshd_config that win over the usual ones
     */
    public static SshdHost start(Path parent, String address, List<String> moreConfiguration) {
        if (!InetAddress.ofLiteral(address).isLoopbackAddress()) {
            throw new IllegalArgumentException("address: not a loopback address: " + address);
        }
        Path sshd = Programs.find("sshd");
        try {
            Path folder = Files.createTempDirectory(parent.toAbsolutePath(), "sshd");
            Keys hostKeys = Keys.ed25519(folder, "host");
            Keys userKeys = Keys.ed25519(folder, "user");
            Files.write(folder.resolve("conf"), configuration(folder, moreConfiguration));
            if (isRoot()) {
                // Where sshd puts its unprivileged half; a machine that never ran sshd has none.
                Files.createDirectories(Path.of("/run/sshd"));
            }
            for (int attempt = 1; ; attempt++) {
                int port = freePort(address);
                Process process = launch(sshd, folder, address, port);
                if (listens(process, address, port)) {
                    return new SshdHost(address, port, folder, hostKeys, userKeys, process);
                }
                process.destroyForcibly();
                // Someone else may have taken the port between our look and sshd's bind.
                if (attempt == ATTEMPTS) {
                    throw new AssertionError("sshd did not start: " + log(folder));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address() {
        return address;
    }

    public int port() {
        return port;
    }

    /** The account that can log in: the current user. */
    public String login() {
        return System.getProperty("user.name");
    }

    /** The authorized key pair. */
    public Keys userKeys() {
        return userKeys;
    }

    /** The public half of the host key. */
    public AuthorizedKey hostKey() {
        return hostKeys.publicKey();
    }

    /** A line for a {@code known_hosts} file. */
    public String knownHostsLine() {
        return "[" + address + "]:" + port + " " + hostKeys.publicLine();
    }

    /** Where its files are: {@code conf}, {@code log}, {@code host}, {@code user}. */
    public Path folder() {
        return folder;
    }

    /** Whether somebody is connected now. */
    public boolean hasConnections() {
        return process.children().findAny().isPresent();
    }

    /** Ends every connection and what runs in it at once; new ones are still let in. */
    public void killConnections() {
        process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
    }

    /** Stops every connection and what runs in it where they are, as a host that hangs. */
    public void pauseConnections() {
        signalConnections("-STOP");
    }

    /** Lets them go on. */
    public void resumeConnections() {
        signalConnections("-CONT");
    }

    private void signalConnections(String signal) {
        List<String> words = new ArrayList<>(List.of(signal));
        process.descendants().map(ProcessHandle::pid).map(String::valueOf).forEach(words::add);
        // One that ends meanwhile makes kill fail, but not for the others.
        SshClient.runProgram("kill", words, new byte[0], START);
    }

    /**
     * How many sockets of this machine's programs are connected to it, whether it answers or not.
     */
    public long clients() {
        return TcpSockets.connectedTo(port);
    }

    /** What it logged until now. */
    public String log() {
        return log(folder);
    }

    /**
     * The options that make {@code ssh} log in here and ask nothing; the command comes after them.
     */
    public List<String> sshArguments() {
        return SshClient.arguments(login(), address, port, userKeys);
    }

    /** Stops accepting and ends every session, as a host that loses power would. Idempotent. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.addFirst(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What shells find on the host: a home without start-up files, those of whoever runs the tests
     * being theirs; and what bash takes for being inside another shell, so that a command is run
     * without {@code ~/.bashrc}.
     */
    private static String environment(Path folder) {
        return "HOME=" + folder + " SHLVL=1";
    }

    private static List<String> configuration(Path folder, List<String> more) {
        // sshd takes the first value of each keyword, and of SetEnv the first line.
        List<String> lines = new ArrayList<>();
        for (String line : more) {
            lines.add(line.startsWith("SetEnv ") ? line + " " + environment(folder) : line);
        }
        lines.add("SetEnv " + environment(folder));
        lines.addAll(
                List.of(
                        "HostKey " + folder.resolve("host"),
                        "AuthorizedKeysFile " + folder.resolve("user.pub"),
                        "StrictModes no",
                        "PermitRootLogin yes",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "UsePAM no",
                        "MaxStartups 200:30:400",
                        "MaxSessions 100",
                        "AcceptEnv *",
                        "PrintMotd no",
                        "PrintLastLog no",
                        "LogLevel VERBOSE",
                        "Subsystem sftp internal-sftp"));
        return lines;
    }

    private static Process launch(Path sshd, Path folder, String address, int port)
            throws IOException {
        // All paths absolute: sshd starts itself anew for each connection, from another folder.
        return new ProcessBuilder(
                        sshd.toString(),
                        "-D",
                        "-f",
                        folder.resolve("conf").toString(),
                        "-o",
                        "ListenAddress=" + address,
                        "-p",
                        String.valueOf(port),
                        "-o",
                        "PidFile=" + folder.resolve("pid"),
                        "-E",
                        folder.resolve("log").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static boolean listens(Process process, String address, int port) {
        long deadline = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 1000);
                return true;
            } catch (IOException e) {
                Thread.onSpinWait();
                try {
                    Thread.sleep(20);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return false;
    }

    private static int freePort(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            return socket.getLocalPort();
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static String log(Path folder) {
        try {
            Path log = folder.resolve("log");
            Path output = folder.resolve("output");
            return (Files.exists(output) ? Files.readString(output) : "")
                    + (Files.exists(log) ? Files.readString(log) : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
