package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * <pre>
 *   ssh alice+web1@ ──┐
 *   ssh root1@ ───────┼── bastion (a process that can be killed) ── web1: a real sshd, key account
 *   ssh aud@ ─────────┘
 * </pre>
 *
 * alice is an operator with a shell and exec on web1, root1 the admin, aud an auditor.
 */
final class BastionScene implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(20);

    /** What readline prints when it begins to read a line. */
    static final String PROMPT = "\u001b\\[\\?2004h";

    final Path folder;
    final Path data;
    final SshdHost host;
    private final Keys admin;
    private final Keys alice;
    private final Keys auditor;
    private @Nullable BastionProcess bastion;

    private BastionScene(Path folder) {
        this.folder = folder;
        this.data = folder.resolve("data");
        this.host = SshdHost.start(folder);
        this.admin = NewData.copyTo(data);
        this.alice = Keys.ed25519(folder, "alice");
        this.auditor = Keys.ed25519(folder, "aud");
    }

    /** A bastion that serves, with the three users and the host. */
    static BastionScene start(Path folder, String... serveOptions) {
        BastionScene scene = new BastionScene(folder);
        try {
            scene.serve(serveOptions);
            scene.fill();
            return scene;
        } catch (RuntimeException | AssertionError e) {
            scene.close();
            throw e;
        }
    }

    private void fill() {
        admin("user add alice --role operator --key '" + alice.publicLine() + "'");
        admin("user add aud --role auditor --key '" + auditor.publicLine() + "'");
        admin("host add web1 --address " + host.address() + ":" + host.port());
        admin("host key trust web1 --yes");
        admin("account add web1 " + host.login() + " --key-stdin", host.userKeys().privateText());
        admin("grant add --user alice --host web1 --rights shell,exec --account " + host.login());
    }

    BastionProcess bastion() {
        BastionProcess running = bastion;
        if (running == null) {
            throw new IllegalStateException("the bastion has not been started");
        }
        return running;
    }

    /** Starts the bastion, or starts it again on the same data. */
    void serve(String... options) {
        bastion = BastionProcess.serve(data, options);
    }

    /** Starts the bastion again on a disk whose syncs take so long, which are listed in a file. */
    void serveOnSlowDisk(Duration sync, Path trace) {
        bastion = BastionProcess.serveOnSlowDisk(sync, trace, data);
    }

    /** Starts the bastion again with this much memory. */
    void serveInHeap(int mebibytes) {
        bastion = BastionProcess.serveInHeap(mebibytes, data);
    }

    void admin(String command) {
        admin(command, "");
    }

    /** Runs one of the bastion's commands as its admin; fails when it fails. */
    void admin(String command, String stdin) {
        SshClient.Result result = tryAdmin(command, stdin);
        assertThat(result.exitStatus()).as("%s: %s", command, result).isZero();
    }

    /** The same, which may be refused. */
    SshClient.Result tryAdmin(String command, String stdin) {
        return SshClient.run(
                with(arguments(NewData.ADMIN, admin), command),
                stdin.getBytes(StandardCharsets.UTF_8),
                LIMIT);
    }

    /** What the auditor is told over SSH. */
    String audit(String command) {
        SshClient.Result result = tryAudit(command);
        assertThat(result.exitStatus()).as("audit %s: %s", command, result).isZero();
        return result.text();
    }

    /** The same, which may be refused. */
    SshClient.Result tryAudit(String command) {
        return SshClient.run(auditor(command), LIMIT);
    }

    /** The words of {@code ssh} for the admin's command. */
    List<String> administrator(String command) {
        return with(arguments(NewData.ADMIN, admin), command);
    }

    /** The words of {@code ssh} for such a question of the auditor. */
    List<String> auditor(String command) {
        return with(arguments("aud", auditor), "audit " + command);
    }

    /** The words of {@code ssh} for alice at this user name: {@code alice+web1}, {@code alice}. */
    List<String> alice(String login) {
        return arguments(login, alice);
    }

    /** Runs a command on web1. */
    SshClient.Result exec(String command) {
        return SshClient.run(with(alice("alice+web1"), command), LIMIT);
    }

    /** A shell on web1, at its first prompt. */
    PtySshClient shell() {
        PtySshClient client = PtySshClient.start(alice("alice+web1"), 80, 24, Map.of());
        try {
            client.expect(PROMPT, LIMIT);
            return client;
        } catch (AssertionError e) {
            client.close();
            throw e;
        }
    }

    private List<String> arguments(String user, Keys keys) {
        return SshClient.arguments(user, "127.0.0.1", bastion().port(), keys);
    }

    static List<String> with(List<String> arguments, String command) {
        List<String> all = new ArrayList<>(arguments);
        all.add(command);
        return all;
    }

    /** Waits for a condition that nothing tells of. */
    static void await(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Waited " + limit + " until " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** The names in a folder. */
    static List<String> names(Path folder) {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        BastionProcess running = bastion;
        if (running != null) {
            running.close();
        }
        host.close();
    }
}
