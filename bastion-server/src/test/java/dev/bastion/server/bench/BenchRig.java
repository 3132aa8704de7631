package dev.bastion.server.bench;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.Programs;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is measured: a host, an OpenSSH hop before it, and a bastion before it, all on loopback and
 * each a process of its own. Closing ends them and deletes their files.
 *
 * <pre>
 *   ssh ─────────────────────────→ host     direct
 *   ssh → sshd, ForceCommand ssh → host     forced command
 *   ssh → sshd, its forwarding ──→ host     ssh -J
 *   ssh → bastion ───────────────→ host     bastion
 * </pre>
 */
final class BenchRig implements AutoCloseable {

    static final String HOST = "web1";
    static final String CIPHER = "aes128-gcm@openssh.com";

    private static final String ADDRESS = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration HOP_ENDS = Duration.ofSeconds(10);

    /** Tells the hop which cipher its own connection uses. */
    private static final String CIPHER_VARIABLE = "BENCH_CIPHER";

    private final Path folder;
    private final SshdHost host;
    private final SshdHost hop;
    private final BenchBastion bastion;

    private BenchRig(Path folder, SshdHost host, SshdHost hop, BenchBastion bastion) {
        this.folder = folder;
        this.host = host;
        this.hop = hop;
        this.bastion = bastion;
    }

    /** Starts all of it, with everything granted that is measured. */
    static BenchRig start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Files.createDirectories(parent()), "bench");
        SshdHost host = SshdHost.start(folder);
        SshdHost hop = startHop(folder, host);
        BenchBastion bastion = BenchBastion.start(folder.resolve("bastion"), List.of());
        BenchRig rig = new BenchRig(folder, host, hop, bastion);
        bastion.grant(HOST, host);
        rig.warmUp();
        return rig;
    }

    private static Path parent() {
        return Path.of(System.getProperty("bastion.bench.folder", "target")).toAbsolutePath();
    }

    /** Of the source tree. */
    static Path sources() {
        return parent().resolveSibling("");
    }

    private static SshdHost startHop(Path folder, SshdHost host) throws IOException {
        Path script = folder.resolve("hop");
        String ssh =
                "exec "
                        + Programs.find("ssh")
                        + " "
                        + String.join(" ", SshClient.options(host.userKeys()))
                        + (" -c \"${" + CIPHER_VARIABLE + ":-" + CIPHER + "}\"")
                        + (" -p " + host.port() + " -l " + host.login() + " " + host.address());
        Files.write(
                script,
                List.of(
                        "#!/bin/sh",
                        "case $SSH_ORIGINAL_COMMAND in",
                        "'') " + ssh.replace(" -c ", " -tt -c ") + " ;;",
                        "internal-sftp) " + ssh.replace(" -c ", " -s -c ") + " sftp ;;",
                        "*) " + ssh.replace(" -c ", " -T -c ") + " \"$SSH_ORIGINAL_COMMAND\" ;;",
                        "esac"));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return SshdHost.start(folder, ADDRESS, List.of("ForceCommand " + script.toAbsolutePath()));
    }

    /** Lets the JVM compile what logging in takes, as in a bastion that has run for a while. */
    private void warmUp() throws IOException {
        for (int i = 0; i < 6; i++) {
            run(Way.BASTION, "true");
        }
        for (int i = 0; i < 3; i++) {
            try (PtyKeys menu = PtyKeys.start(menuArguments())) {
                menu.awaitText(HOST);
            }
            try (PtyKeys shell = PtyKeys.start(shellArguments(Way.BASTION))) {
                shell.awaitPrompt();
            }
        }
        run(Way.DIRECT, "true");
        run(Way.FORCED, "true");
        run(Way.JUMP, "true");
    }

    /** Runs a command to its end. */
    private void run(Way way, String command) {
        List<String> arguments = new ArrayList<>(shellArguments(way));
        arguments.add(command);
        SshClient.Result result = SshClient.run(arguments, LIMIT);
        if (result.exitStatus() != 0) {
            throw new IllegalStateException(way.label + ": " + command + ": " + result);
        }
    }

    /** For {@code ssh}: to the host; a command may follow. */
    List<String> shellArguments(Way way) {
        return arguments(way, CIPHER);
    }

    /** The same for {@code sftp} too, whose other options come before them. */
    List<String> arguments(Way way, String cipher) {
        List<String> arguments =
                new ArrayList<>(
                        switch (way) {
                            case DIRECT -> to(host.userKeys(), host.login(), host.port());
                            case FORCED -> to(hop.userKeys(), hop.login(), hop.port());
                            case JUMP -> to(host.userKeys(), host.login(), host.port());
                            case BASTION ->
                                    to(
                                            bastion.key(),
                                            BenchBastion.OPERATOR + "+" + HOST,
                                            bastion.port());
                        });
        arguments.addAll(List.of("-o", "Ciphers=" + cipher));
        if (way == Way.FORCED) {
            arguments.addAll(List.of("-o", "SetEnv=" + CIPHER_VARIABLE + "=" + cipher));
        }
        if (way == Way.JUMP) {
            arguments.addAll(List.of("-o", "ProxyCommand=" + jump(cipher)));
        }
        arguments.add(ADDRESS);
        return arguments;
    }

    /** What {@code -J} runs; written out, since the options do not reach it. */
    private String jump(String cipher) {
        List<String> words = new ArrayList<>(List.of(Programs.find("ssh").toString()));
        words.addAll(to(hop.userKeys(), hop.login(), hop.port()));
        words.addAll(List.of("-o", "Ciphers=" + cipher, "-W", "[%h]:%p", ADDRESS));
        return String.join(" ", words);
    }

    private static List<String> to(Keys keys, String login, int port) {
        List<String> options = new ArrayList<>(SshClient.options(keys));
        options.addAll(List.of("-o", "User=" + login, "-o", "Port=" + port));
        return options;
    }

    /** For {@code ssh}: to the bastion's menu. */
    List<String> menuArguments() {
        return SshClient.arguments(BenchBastion.OPERATOR, ADDRESS, bastion.port(), bastion.key());
    }

    /**
     * Seconds of CPU, until now, of all that stands between the client and the host. An OpenSSH hop
     * is counted when its connections have ended, which is waited for.
     */
    double middleCpuSeconds(Way way) throws IOException {
        return switch (way) {
            case DIRECT -> 0;
            case BASTION -> ProcessFigures.cpuSeconds(bastion.pid());
            case FORCED, JUMP -> {
                long deadline = System.nanoTime() + HOP_ENDS.toNanos();
                while (hop.hasConnections() && System.nanoTime() < deadline) {
                    PtyKeys.pause(5);
                }
                String pid = Files.readString(hop.folder().resolve("pid")).strip();
                yield ProcessFigures.cpuSeconds(Long.parseLong(pid));
            }
        };
    }

    /** KiB of memory that the bastion's process holds. */
    long residentKib() throws IOException {
        return ProcessFigures.residentKib(bastion.pid());
    }

    /** A second bastion before the host, with flags of its own; the caller closes it. */
    BenchBastion another(String name, List<String> flags) throws IOException, InterruptedException {
        BenchBastion other = BenchBastion.start(folder.resolve(name), List.of(), flags);
        other.grant(HOST, host);
        return other;
    }

    /** For {@code ssh} through a bastion: to the host; a command may follow. */
    static List<String> through(BenchBastion bastion) {
        List<String> arguments =
                to(bastion.key(), BenchBastion.OPERATOR + "+" + HOST, bastion.port());
        arguments.addAll(List.of("-o", "Ciphers=" + CIPHER, ADDRESS));
        return arguments;
    }

    /** On the disk that is measured. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        bastion.close();
        hop.close();
        host.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println(folder + " could not be deleted: " + e);
        }
    }
}
