package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.FileOperated;
import dev.bastion.audit.AuditRecord.LineDecided;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.server.RunningBastion;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.Programs;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.Awaitility;

/**
 * A bastion with the hosts web1 and web2, and what a person at a client has: a home folder, a key,
 * an {@code ssh_config} that sends every host name to the bastion, and a shell to type commands in.
 * Alice may do everything on both hosts, and lends her agent to web2 only.
 *
 * <p>The commands see these variables:
 *
 * <pre>
 * HERE THERE  a folder of the client, which is the current one, and one of the host; new for each test
 * PORT KEY    of the bastion on 127.0.0.1; alice's private key, and ADDRESS is alice+web1@127.0.0.1
 * SSH CONFIG  ssh with that configuration; the configuration; KNOWN is the file of the bastion's key
 * FINGERPRINT of the bastion's key, as SHA256:…
 * WEB2_PORT   of the sshd on web2; CLOSED_PORT where nobody listens; FREE_PORT to listen on
 * ECHO_PORT   of a server that both sides reach, which sends back what it gets
 * PYTHON      Debian's Python where there is one, which sees Debian's modules
 * </pre>
 */
final class ClientScene implements AutoCloseable {

    /** Of one command; the slowest, a playbook of Ansible, takes a tenth on a quiet machine. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration LAG = Duration.ofSeconds(5);

    /** Compares two trees, with modes, times and sizes. */
    static final String SAME =
            """
            list() { (cd "$1"; find . -type f -printf '%p %m %Ts %s\\n' | LC_ALL=C sort); }
            same() { diff -r "$1" "$2"; [ "$(list "$1")" = "$(list "$2")" ]; }
            """;

    /** Gives the commands after it an agent with alice's key. */
    static final String AGENT =
            """
            eval "$(ssh-agent -a "$HERE/agent")" > /dev/null
            trap 'kill $SSH_AGENT_PID' EXIT
            ssh-add -q "$KEY"
            """;

    final RunningBastion bastion;
    final Forwards forwards;
    final Path folder;
    Path here;
    Path there;
    private final Path home;
    private final Path config;
    private final Path known;

    private ClientScene(Path folder, UnaryOperator<Settings> settings) throws IOException {
        this.folder = folder.toAbsolutePath();
        here = this.folder;
        there = this.folder;
        home = this.folder.resolve("home");
        Files.createDirectories(home.resolve(".ssh"));
        bastion = RunningBastion.start(this.folder, settings);
        forwards = new Forwards(bastion);
        for (String host : List.of("web1", "web2")) {
            bastion.grant(host, bastion.login(), "forward");
        }
        bastion.grant("web2", bastion.login(), "agent");
        known = this.folder.resolve("known_hosts");
        // Dropbear looks for the key in its own home, and without the port.
        Files.writeString(
                home.resolve(".ssh/known_hosts"),
                Files.readString(known).replaceAll("\\[(.*)]:\\d+", "$1"));
        config = Files.writeString(this.folder.resolve("ssh_config"), configuration());
    }

    /**
     * Starts one.
     *
     * @param programs what the tests run
     * @throws AssertionError if one of them is missing
     */
    static ClientScene start(Path folder, String... programs) {
        return start(folder, settings -> settings, programs);
    }

    static ClientScene start(Path folder, UnaryOperator<Settings> settings, String... programs) {
        Arrays.stream(programs).forEach(Programs::find);
        try {
            return new ClientScene(folder, settings);
        } catch (IOException e) {
            throw new AssertionError("the scene could not be made", e);
        }
    }

    private String configuration() {
        return """
        Host *
          HostName 127.0.0.1
          Port %d
          IdentityFile %s
          IdentitiesOnly yes
          IdentityAgent none
          StrictHostKeyChecking yes
          UserKnownHostsFile %s
          BatchMode yes
          LogLevel ERROR
        """
                .formatted(bastion.port(), bastion.key("alice").privateFile(), known);
    }

    /** Begins a test with empty folders. */
    void makeFolders() throws IOException {
        Path own = Files.createTempDirectory(folder, "test");
        here = Files.createDirectory(own.resolve("here"));
        there = Files.createDirectory(own.resolve("there"));
    }

    /** The environment of the commands, as words {@code NAME=VALUE}. */
    List<String> environment() {
        Map<String, String> variables = new TreeMap<>();
        variables.put("HOME", home.toString());
        variables.put("HERE", here.toString());
        variables.put("THERE", there.toString());
        variables.put("FOLDER", folder.toString());
        variables.put("PORT", String.valueOf(bastion.port()));
        variables.put("ADDRESS", "alice+web1@127.0.0.1");
        variables.put("KEY", bastion.key("alice").privateFile().toString());
        variables.put("LOGIN", bastion.login());
        variables.put("CONFIG", config.toString());
        variables.put("KNOWN", known.toString());
        variables.put("SSH", "ssh -F " + config);
        variables.put("FINGERPRINT", fingerprint());
        variables.put("WEB2_PORT", String.valueOf(bastion.web2().port()));
        variables.put("CLOSED_PORT", "1");
        variables.put("FREE_PORT", String.valueOf(FreePort.find()));
        variables.put("ECHO_PORT", String.valueOf(forwards.port()));
        variables.put("PYTHON", python());
        return variables.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    private String fingerprint() {
        SshClient.Result shown =
                SshClient.runProgram("ssh-keygen", List.of("-lf", "" + known), new byte[0], LIMIT);
        return shown.text().split(" ", 3)[1];
    }

    private static String python() {
        Path debian = Path.of("/usr/bin/python3");
        return (Files.isExecutable(debian) ? debian : Programs.find("python3")).toString();
    }

    /** Types commands, which {@code sh} runs until one fails. */
    SshClient.Result run(String commands) {
        return SshClient.runProgram("env", words(commands), new byte[0], LIMIT);
    }

    private List<String> words(String commands) {
        List<String> words = new ArrayList<>(List.of("-C", here.toString()));
        words.addAll(environment());
        words.addAll(List.of("sh", "-euc", commands));
        return words;
    }

    /**
     * Types commands that go on while the test does, and waits until somebody listens on a port.
     *
     * @param commands the last of them by {@code exec}
     */
    Running listening(int port, String commands) throws IOException {
        Running running = new Running(SshClient.start("env", words(commands)));
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> {
                    assertThat(running.process.isAlive()).as(commands).isTrue();
                    return listens(port);
                });
        return running;
    }

    /** A program; closing ends it. */
    record Running(Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Types commands that must all succeed, and gives what they printed. */
    String succeeds(String commands) {
        SshClient.Result result = run(commands);
        assertThat(result.exitStatus()).as("%s: %s", commands, result).isZero();
        return result.text();
    }

    /** A program in Python from the tests' resources, beside an agent, which must succeed. */
    String python(String resource, String... words) throws IOException {
        for (String name : List.of("echoing.py", resource)) {
            try (var in = ClientScene.class.getResourceAsStream(name)) {
                Files.write(folder.resolve(name), Objects.requireNonNull(in, name).readAllBytes());
            }
        }
        String quoted = Arrays.stream(words).map(" '%s'"::formatted).collect(Collectors.joining());
        return succeeds(AGENT + "$PYTHON -W ignore " + folder.resolve(resource) + quoted);
    }

    /** Makes {@code tree} in the client's folder: odd sizes, odd names, odd times and modes. */
    void makeTree() {
        succeeds(
                """
                mkdir -p 'tree/sub dir/deep'; cd tree
                : > empty; printf 1 > one; head -c 2000001 /dev/urandom > large
                truncate -s 8M sparse; printf middle | dd of=sparse bs=1 seek=4M conv=notrunc status=none
                for name in 'two words' "$(printf 'new\\nline')" "$(printf 'not\\377utf8')" \\
                    "quo'te\\"s" 'do$lar`tick`' 'star*' 'back\\slash' -dash 'sub dir/deep/café'
                do echo "$name" > "./$name"; done
                chmod 640 one; touch -d 2001-02-03T04:05:06Z one
                """);
    }

    /** Makes a file of random bytes in the client's folder. */
    Path file(String name, int length) throws IOException {
        return Files.write(here.resolve(name), bytes(length));
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Waits for the record of a command on web1, and of its end with this status. */
    void awaitCommand(String command, int exitStatus) {
        awaitCommand("web1", command, exitStatus);
    }

    void awaitCommand(String host, String command, int exitStatus) {
        Awaitility.await()
                .atMost(LAG)
                .pollDelay(Duration.ZERO)
                .until(() -> sessions(host, command).findAny().isPresent());
        List<SessionId> sessions = sessions(host, command).toList();
        SessionEnded ended =
                bastion.awaitRecord(
                        SessionEnded.class,
                        record -> sessions.contains(record.context().session()));
        assertThat(ended.context().user()).isEqualTo("alice");
        assertThat(ended.exit()).as("%s", ended).isEqualTo(exitStatus);
    }

    /** What the ledger holds of one kind; its last entry may be half written at a moment. */
    <T extends AuditRecord> List<T> records(Class<T> kind) {
        return Awaitility.await()
                .atMost(LAG)
                .pollDelay(Duration.ZERO)
                .ignoreException(AuditLogException.class)
                .until(() -> bastion.records(kind), _ -> true);
    }

    /** A line in a terminal can be known only after it was entered. */
    private Stream<SessionId> sessions(String host, String command) {
        return Stream.concat(
                        records(CommandEntered.class).stream()
                                .filter(record -> record.command().contains(command))
                                .map(CommandEntered::context),
                        records(LineDecided.class).stream()
                                .filter(record -> record.command().contains(command))
                                .map(LineDecided::context))
                .filter(context -> context.host().equals(host))
                .map(SessionContext::session);
    }

    /** Waits for the record that all of this file went through, with its hash, and went well. */
    void awaitFile(String operation, Path path, Path contents) throws Exception {
        await(operation, contents, record -> record.path().equals(path.toString()));
    }

    /**
     * The same for the old scp, which has the path in its command, and a name beside the contents.
     */
    void awaitOldScp(String operation, String name, Path path, Path contents) throws Exception {
        await(
                operation,
                contents,
                record ->
                        record.path().equals(name)
                                && record.target().replace("'", "").equals(path.toString()));
    }

    /**
     * The same for a file that Paramiko reads: when an answer comes before it has asked for the
     * next piece it asks for the rest once more. Then there are more bytes, and no hash.
     */
    void awaitReadByParamiko(Path path, Path contents) throws Exception {
        FileOperated record = await("read", one -> one.path().equals(path.toString()));
        if (record.sha256() == null) {
            assertThat(record.bytes()).isGreaterThan(Files.size(contents));
        } else {
            assertThat(record).satisfies(isOf(contents));
        }
    }

    private void await(String operation, Path contents, Predicate<FileOperated> wanted)
            throws Exception {
        assertThat(await(operation, wanted)).satisfies(isOf(contents));
    }

    private FileOperated await(String operation, Predicate<FileOperated> wanted) {
        return bastion.awaitRecord(
                FileOperated.class,
                one ->
                        one.operation().equals(operation)
                                && one.result().equals("ok")
                                && wanted.test(one));
    }

    private static ThrowingConsumer<FileOperated> isOf(Path contents) {
        return record -> {
            byte[] bytes = Files.readAllBytes(contents);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            assertThat(record.bytes()).isEqualTo(bytes.length);
            assertThat(record.sha256()).isEqualTo(HexFormat.of().formatHex(hash));
        };
    }

    /** Waits for the record that this was done to this path and went well. */
    FileOperated awaitFile(String operation, String path) {
        return bastion.awaitRecord(
                FileOperated.class,
                record ->
                        record.operation().equals(operation)
                                && record.path().equals(path)
                                && record.result().equals("ok"));
    }

    /** How many files below this path were written by SFTP or scp, each in one piece. */
    long writesBelow(String path) {
        return records(FileOperated.class).stream()
                .filter(record -> record.operation().equals("write"))
                .filter(record -> record.path().startsWith(path) && record.sha256() != null)
                .count();
    }

    @Override
    public void close() {
        forwards.close();
        bastion.close();
    }
}
