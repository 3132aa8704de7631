package dev.bastion.server.bench;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.Programs;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A bastion as a process of its own, with the launcher's flags, and one operator. Confined to one
 * thread. Closing ends it.
 */
final class BenchBastion implements AutoCloseable {

    static final String OPERATOR = "alice";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ADMIN = "adam";

    private final Process process;
    private final int port;
    private final Keys admin;
    private final Keys operator;

    private BenchBastion(Process process, int port, Keys admin, Keys operator) {
        this.process = process;
        this.port = port;
        this.admin = admin;
        this.operator = operator;
    }

    /**
     * Starts one.
     *
     * @param folder new; for its data, keys and logs
     * @param configuration lines of its configuration file
     */
    static BenchBastion start(Path folder, List<String> configuration)
            throws IOException, InterruptedException {
        return start(folder, configuration, List.of());
    }

    /**
     * The same.
     *
     * @param flags of its JVM, besides the launcher's
     */
    static BenchBastion start(Path folder, List<String> configuration, List<String> flags)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Keys admin = Keys.ed25519(folder, ADMIN);
        Keys operator = Keys.ed25519(folder, OPERATOR);
        String data = folder.resolve("data").toString();
        Path file = Files.write(folder.resolve("bastion.yaml"), configuration);
        List<String> init = command(folder, "init", "--data", data, "--admin", ADMIN);
        init.addAll(List.of("--key", admin.publicFile().toString()));
        Path said = folder.resolve("init.log");
        int status =
                new ProcessBuilder(init)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException("init: " + Files.readString(said));
        }
        List<String> serve = command(folder, "serve", "--data", data, "--listen", "127.0.0.1:0");
        // A session of its own, as of a service: Linux shares the processors between sessions, and
        // OpenSSH's server begins one for each connection.
        serve.addAll(1, flags);
        serve.addFirst(Programs.find("setsid").toString());
        if (!configuration.isEmpty()) {
            serve.addAll(List.of("--config", file.toString()));
        }
        Process process =
                new ProcessBuilder(serve)
                        .redirectError(folder.resolve("bastion.log").toFile())
                        .start();
        BenchBastion bastion = new BenchBastion(process, listeningPort(process), admin, operator);
        String key = "'" + operator.publicLine() + "'";
        bastion.admin("", "user", "add", OPERATOR, "--role", "operator", "--key", key);
        return bastion;
    }

    private static List<String> command(Path folder, String... words) {
        List<String> command =
                new ArrayList<>(List.of(java(), "--enable-native-access=ALL-UNNAMED"));
        Arrays.stream(System.getProperty("bastion.bench.flags", "").split(" "))
                .filter(flag -> !flag.isBlank())
                .forEach(command::add);
        command.add("-XX:ErrorFile=" + folder.resolve("hs_err.log"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("dev.bastion.server.Main");
        command.addAll(List.of(words));
        return command;
    }

    /** The program {@code java} of this JVM. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
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

    /** Lets the operator reach a host with this login and key. */
    void grant(String name, String address, String login, Keys key) {
        admin("", "host", "add", name, "--address", address);
        admin("", "host", "key", "trust", name, "--yes");
        admin(key.privateText(), "account", "add", name, login, "--key-stdin");
        admin("", "grant", "add", "--user", OPERATOR, "--host", name, "--account", login);
    }

    /** The same for a private {@code sshd}. */
    void grant(String name, SshdHost host) {
        grant(name, host.address() + ":" + host.port(), host.login(), host.userKeys());
    }

    private void admin(String input, String... words) {
        SshClient.Result result =
                SshClient.run(
                        administrator(String.join(" ", words)),
                        input.getBytes(StandardCharsets.UTF_8),
                        LIMIT);
        if (result.exitStatus() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + result);
        }
    }

    /** For {@code ssh} of the administrator. */
    List<String> administrator(String... more) {
        List<String> arguments =
                new ArrayList<>(SshClient.arguments(ADMIN, "127.0.0.1", port, admin));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** The operator's. */
    Keys key() {
        return operator;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(Duration.ofSeconds(15))) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
