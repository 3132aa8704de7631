package dev.bastion.server.bench;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.Programs;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 *   ssh → bastion ───────────────→ host     bastion
 * </pre>
 */
final class BenchRig implements AutoCloseable {

    static final String HOST = "web1";
    static final String CIPHER = "aes128-gcm@openssh.com";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ADMIN = "adam";
    private static final String OPERATOR = "alice";

    private final Path folder;
    private final SshdHost host;
    private final SshdHost hop;
    private final Keys admin;
    private final Keys operator;
    private final Process bastion;
    private final int port;

    private BenchRig(
            Path folder, SshdHost host, SshdHost hop, Keys admin, Process bastion, int port) {
        this.folder = folder;
        this.host = host;
        this.hop = hop;
        this.admin = admin;
        this.operator = Keys.ed25519(folder, OPERATOR);
        this.bastion = bastion;
        this.port = port;
    }

    /** Starts all of it, with everything granted that is measured. */
    static BenchRig start() throws IOException, InterruptedException {
        Path parent = Path.of(System.getProperty("bastion.bench.folder", "target"));
        Path folder = Files.createTempDirectory(Files.createDirectories(parent), "bench");
        SshdHost host = SshdHost.start(folder);
        SshdHost hop = startHop(folder, host);
        Keys admin = Keys.ed25519(folder, ADMIN);
        Path data = folder.resolve("data");
        List<String> init = java(folder, "init", "--data", data.toString(), "--admin", ADMIN);
        init.addAll(List.of("--key", admin.publicFile().toString()));
        int status =
                new ProcessBuilder(init)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("init.log").toFile())
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException("init: " + Files.readString(folder.resolve("init.log")));
        }
        Process bastion =
                new ProcessBuilder(
                                java(
                                        folder,
                                        "serve",
                                        "--data",
                                        data.toString(),
                                        "--listen",
                                        "127.0.0.1:0"))
                        .redirectError(folder.resolve("bastion.log").toFile())
                        .start();
        BenchRig rig = new BenchRig(folder, host, hop, admin, bastion, listeningPort(bastion));
        rig.fill();
        rig.warmUp();
        return rig;
    }

    private static SshdHost startHop(Path folder, SshdHost host) throws IOException {
        Path script = folder.resolve("hop");
        String ssh =
                Programs.find("ssh")
                        + " "
                        + String.join(" ", SshClient.options(host.userKeys()))
                        + (" -c " + CIPHER + " -p " + host.port() + " ");
        String to = " -l " + host.login() + " " + host.address();
        Files.writeString(
                script,
                "#!/bin/sh\n[ -z \"$SSH_ORIGINAL_COMMAND\" ] || exec "
                        + (ssh + "-T" + to + " \"$SSH_ORIGINAL_COMMAND\"\n")
                        + ("exec " + ssh + "-tt" + to + "\n"));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return SshdHost.start(
                folder, "127.0.0.1", List.of("ForceCommand " + script.toAbsolutePath()));
    }

    private static List<String> java(Path folder, String... words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:ErrorFile=" + folder.resolve("hs_err.log"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("dev.bastion.server.Main");
        command.addAll(List.of(words));
        return command;
    }

    private static int listeningPort(Process bastion) throws IOException {
        // Not closed: closing would end the bastion's standard output.
        var lines = bastion.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("listening on ")) {
                return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            }
        }
        throw new IOException("the bastion did not listen; see bastion.log");
    }

    private void fill() {
        String login = host.login();
        String key = operator.publicLine();
        admin("", "user", "add", OPERATOR, "--role", "operator", "--key", "'" + key + "'");
        admin("", "host", "add", HOST, "--address", host.address() + ":" + host.port());
        admin("", "host", "key", "trust", HOST, "--yes");
        admin(host.userKeys().privateText(), "account", "add", HOST, login, "--key-stdin");
        admin("", "grant", "add", "--user", OPERATOR, "--host", HOST, "--account", login);
    }

    private void admin(String input, String... words) {
        List<String> arguments =
                new ArrayList<>(SshClient.arguments(ADMIN, "127.0.0.1", port, admin));
        arguments.add(String.join(" ", words));
        SshClient.Result result =
                SshClient.run(arguments, input.getBytes(StandardCharsets.UTF_8), LIMIT);
        if (result.exitStatus() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + result);
        }
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
    }

    /** Runs a command to its end. */
    void run(Way way, String command) {
        List<String> arguments = new ArrayList<>(shellArguments(way));
        arguments.add(command);
        SshClient.Result result = SshClient.run(arguments, LIMIT);
        if (result.exitStatus() != 0) {
            throw new IllegalStateException(way.label + ": " + command + ": " + result);
        }
    }

    /** For {@code ssh}: to the host; a command may follow. */
    List<String> shellArguments(Way way) {
        List<String> arguments = new ArrayList<>(List.of("-c", CIPHER));
        arguments.addAll(
                switch (way) {
                    case DIRECT -> host.sshArguments();
                    case FORCED -> hop.sshArguments();
                    case BASTION ->
                            SshClient.arguments(OPERATOR + "+" + HOST, "127.0.0.1", port, operator);
                });
        return arguments;
    }

    /** For {@code ssh}: to the bastion's menu. */
    List<String> menuArguments() {
        return SshClient.arguments(OPERATOR, "127.0.0.1", port, operator);
    }

    /** On the disk that is measured. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        bastion.destroy();
        try {
            if (!bastion.waitFor(Duration.ofSeconds(15))) {
                bastion.destroyForcibly();
            }
        } catch (InterruptedException e) {
            bastion.destroyForcibly();
            Thread.currentThread().interrupt();
        }
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
