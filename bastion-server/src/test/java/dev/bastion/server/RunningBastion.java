package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.AuditRecord.TargetRefused;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.server.config.Settings;
import dev.bastion.server.console.ConsoleStreams;
import dev.bastion.server.demo.DemoHost;
import dev.bastion.server.demo.DemoLogin;
import dev.bastion.server.gateway.HostKeyFile;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.local.LocalCaller;
import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import dev.bastion.server.vault.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A whole bastion in this JVM, with hosts behind it and users before it:
 *
 * <pre>
 * alice  (operator) ─┐           ┌─ web1   sshd, key
 * audrey (auditor)   ├─ bastion ─┼─ web2   sshd, key
 * adam   (admin)    ─┘           └─ build  demo host, password
 * </pre>
 *
 * <p>Alice may reach all three. Everything is put in by the bastion's own commands. Closing checks
 * that nothing is left of any session.
 */
public final class RunningBastion implements AutoCloseable {

    public static final Duration LIMIT = Duration.ofSeconds(20);

    /** Milliseconds on a machine with nothing else to do. */
    private static final Duration AUDIT_LAG = LIMIT;

    private static final Duration SESSIONS_GONE = LIMIT;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String PASSWORD = "correct-horse-7431";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Path data;
    private final Bastion bastion;
    private final Map<String, Keys> keys = new HashMap<>();
    private final SshdHost web1;
    private final SshdHost web2;
    private final DemoHost build =
            new DemoHost("build", DemoLogin.withPassword("demo", Secret.of(PASSWORD)));

    private RunningBastion(Path folder, UnaryOperator<Settings> settings) throws IOException {
        this.folder = folder;
        this.data = folder.resolve("data");
        for (String user : List.of("alice", "audrey", "adam")) {
            keys.put(user, Keys.ed25519(folder, user));
        }
        Settings chosen = settings.apply(Settings.of(data).listening(LOOPBACK, 0));
        InitCommand.initialise(chosen, data, "adam", key("adam").publicLine());
        bastion = Bastion.start(chosen);
        AuthorizedKey hostKey = HostKeyFile.load(chosen.hostKey()).publicKey();
        Files.writeString(
                folder.resolve("known_hosts"),
                "[%s]:%d %s %s%n".formatted(LOOPBACK, port(), hostKey.type(), hostKey.base64()));
        web1 = SshdHost.start(folder, LOOPBACK, List.of("SetEnv RIG_HOST=web1"));
        web2 = SshdHost.start(folder, LOOPBACK, List.of("SetEnv RIG_HOST=web2"));
        build.start();
        fill();
    }

    public static RunningBastion start(Path folder) {
        return start(folder, settings -> settings);
    }

    /** Starts one with other settings, e.g. shorter limits. */
    public static RunningBastion start(Path folder, UnaryOperator<Settings> settings) {
        try {
            return new RunningBastion(folder.toAbsolutePath(), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill() {
        admin("user", "add", "alice", "--role", "operator", "--key", key("alice").publicLine());
        admin("user", "add", "audrey", "--role", "auditor", "--key", key("audrey").publicLine());
        addSshd("web1", web1);
        addSshd("web2", web2);
        addHost("build", build.address() + ":" + build.port(), build.fingerprint());
        adminWith(PASSWORD + "\n", "account", "add", "build", "demo", "--password-stdin");
        grant("build", "demo");
    }

    /** Adds a host that a real sshd is, with its account, and lets alice reach it. */
    void addSshd(String name, SshdHost sshd) {
        addHost(name, sshd.address() + ":" + sshd.port(), sshd.hostKey().fingerprint());
        addKeyAccount(name, sshd.login(), sshd.userKeys());
        grant(name, sshd.login());
    }

    void addHost(String name, String address, String fingerprint) {
        admin("host", "add", name, "--address", address, "--description", "the host " + name);
        admin("host", "key", "trust", name, "--fingerprint", fingerprint);
    }

    void addKeyAccount(String host, String login, Keys credential) {
        adminWith(credential.privateText(), "account", "add", host, login, "--key-stdin");
    }

    void grant(String host, String login) {
        admin("grant", "add", "--user", "alice", "--host", host, "--account", login);
    }

    /** With these rights only, separated by commas. */
    public void grant(String host, String login, String rights) {
        admin(
                "grant",
                "add",
                "--user",
                "alice",
                "--host",
                host,
                "--account",
                login,
                "--rights",
                rights);
    }

    /** Gives a command on the machine itself; fails if it fails. */
    String admin(String... words) {
        return adminWith("", words);
    }

    String adminWith(String input, String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status =
                bastion.administration()
                        .console
                        .execute(
                                LocalCaller.named("rig"),
                                List.of(words),
                                new ConsoleStreams(
                                        new ByteArrayInputStream(
                                                input.getBytes(StandardCharsets.UTF_8)),
                                        said,
                                        said,
                                        false,
                                        0));
        String text = said.toString(StandardCharsets.UTF_8);
        assertThat(status).as("%s: %s", List.of(words), text).isZero();
        return text;
    }

    public int port() {
        return bastion.address().getPort();
    }

    int liveSessions() {
        return bastion.liveSessions();
    }

    public SshdHost web1() {
        return web1;
    }

    public SshdHost web2() {
        return web2;
    }

    /** The login of the accounts on web1 and web2. */
    public String login() {
        return web1.login();
    }

    Path data() {
        return data;
    }

    public Keys key(String user) {
        Keys found = keys.get(user);
        if (found == null) {
            throw new IllegalArgumentException("user: the rig has no " + user);
        }
        return found;
    }

    /**
     * The arguments of {@code ssh} that ask nothing and check the bastion's key.
     *
     * @param address what stands before the {@code @}, e.g. {@code alice+web1}
     * @param more options and the command; options must come before the command
     */
    List<String> ssh(String address, String... more) {
        String user = address.split("[+:%]", 2)[0];
        return sshWithKey(key(user), address, more);
    }

    List<String> sshWithKey(Keys credential, String address, String... more) {
        List<String> arguments = new ArrayList<>(knownHosts());
        arguments.addAll(SshClient.arguments(address, LOOPBACK, port(), credential));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** Only the options of {@link #ssh}, with the port, which {@code sftp} and {@code scp} take. */
    List<String> options(String user) {
        List<String> options = new ArrayList<>(knownHosts());
        options.addAll(SshClient.options(key(user)));
        options.addAll(List.of("-o", "Port=" + port()));
        return options;
    }

    private List<String> knownHosts() {
        return List.of(
                "-o",
                "StrictHostKeyChecking=yes",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known_hosts"));
    }

    SshClient.Result run(String address, String... more) {
        return SshClient.run(ssh(address, more), LIMIT);
    }

    /** {@code ssh} in a terminal. */
    PtySshClient terminal(String address, String... more) {
        return PtySshClient.start(ssh(address, more));
    }

    /** Asks the audit log as audrey would; a row each. */
    List<JsonNode> audit(String... words) {
        String command = "audit " + String.join(" ", words) + " --format json";
        SshClient.Result result = run("audrey", command);
        assertThat(result.exitStatus()).as("%s: %s", command, result).isZero();
        return result.text().lines().map(JSON::readTree).toList();
    }

    /** Asks until the rows are as expected, for as long as the audit log may lag behind. */
    public List<JsonNode> awaitAudit(Predicate<List<JsonNode>> expected, String... words) {
        AtomicReference<List<JsonNode>> last = new AtomicReference<>(List.of());
        await().atMost(AUDIT_LAG)
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> {
                    last.set(audit(words));
                    assertThat(expected.test(last.get())).as("%s", last.get()).isTrue();
                });
        return last.get();
    }

    /** Waits for the ledger's record of a target that was not given. */
    public TargetRefused awaitRefusal(Predicate<TargetRefused> wanted) {
        return awaitRecord(TargetRefused.class, wanted);
    }

    /** Waits for the first record of this kind that is as wanted to be in the ledger. */
    public <T extends AuditRecord> T awaitRecord(Class<T> kind, Predicate<T> wanted) {
        return await().atMost(AUDIT_LAG)
                .pollDelay(Duration.ZERO)
                .ignoreException(AuditLogException.class)
                .until(() -> records(kind).stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /**
     * Waits for the record of a session's end.
     *
     * @param before how many sessions had ended before it
     */
    SessionEnded awaitSessionEnd(int before) {
        await().atMost(LIMIT).until(() -> records(SessionEnded.class).size() > before);
        return records(SessionEnded.class).get(before);
    }

    /** What the ledger holds of targets that were not given. */
    List<TargetRefused> refusals() {
        return records(TargetRefused.class);
    }

    /** What the ledger holds of one kind; while it is written its end may be torn. */
    public <T extends AuditRecord> List<T> records(Class<T> kind) {
        return await().atMost(AUDIT_LAG)
                .pollDelay(Duration.ZERO)
                .ignoreException(AuditLogException.class)
                .until(() -> read(kind), found -> true);
    }

    private <T extends AuditRecord> List<T> read(Class<T> kind) {
        List<T> found = new ArrayList<>();
        try (LedgerReader reader =
                LedgerReader.open(data.resolve("ledger"), new SequenceNumber(1))) {
            for (Optional<LedgerEntry> entry = reader.next();
                    entry.isPresent();
                    entry = reader.next()) {
                if (kind.isInstance(entry.get().record())) {
                    found.add(kind.cast(entry.get().record()));
                }
            }
        }
        return found;
    }

    /**
     * Waits until nothing is left of any session, here and on the hosts; the clients have ended.
     */
    void awaitNothingLeft() {
        await().atMost(SESSIONS_GONE)
                .untilAsserted(() -> {
                    assertThat(liveSessions()).as("live sessions").isZero();
                    assertThat(sessionThreads()).as("threads of sessions").isEmpty();
                    assertThat(web1.clients()).as("connections to web1").isZero();
                    assertThat(web2.clients()).as("connections to web2").isZero();
                    assertThat(web1.hasConnections()).as("web1 is in use").isFalse();
                    assertThat(web2.hasConnections()).as("web2 is in use").isFalse();
                });
    }

    /** Fails if anything is left of a session; the clients have ended. Closes all. */
    @Override
    public void close() {
        try {
            awaitNothingLeft();
        } finally {
            bastion.close();
            build.close();
            web1.close();
            web2.close();
        }
    }

    /** Virtual threads are seen in a thread dump only. */
    List<String> sessionThreads() throws IOException {
        Path dump = folder.resolve("threads-" + System.nanoTime());
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try {
            return Files.readAllLines(dump).stream()
                    .filter(line -> line.matches("#\\d+ \"(session|relay|forward|connect)-.*"))
                    .toList();
        } finally {
            Files.delete(dump);
        }
    }
}
