package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;

import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A bastion, and hosts that are reached without a target in the address.
 *
 * <pre>
 * app1, app2, app3  group app    each an sshd whose sftp begins in a folder of its own
 * app2, down        group half   nothing listens where down should be
 * readonly          sftp-read alone   ─┐
 * hidden            no grant           ├─ the same sshd as app1
 * twice             two accounts      ─┘
 * </pre>
 *
 * <p>All sshd share this machine's files. What is to be of one host alone is written in {@link
 * #OWN}, where a process finds the folder that it began in.
 */
final class FleetScene implements AutoCloseable {

    /** The folder of its own, on each host. */
    static final String OWN = "/proc/self/cwd";

    final RunningBastion bastion;
    final Path folder;
    private final TreeMap<String, SshdHost> apps = new TreeMap<>();

    FleetScene(Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        bastion.admin("host-group", "add", "app");
        bastion.admin("host-group", "add", "half");
        for (String name : List.of("app1", "app2", "app3")) {
            SshdHost sshd =
                    SshdHost.start(
                            folder,
                            "127.0.0.1",
                            List.of("ForceCommand internal-sftp -d " + own(name)));
            apps.put(name, sshd);
            bastion.addSshd(name, sshd);
            bastion.admin("host-group", "member", "add", "app", name);
        }
        bastion.addSshd("down", app1());
        bastion.admin("host", "set", "down", "--address", "127.0.0.1:1");
        bastion.admin("host-group", "member", "add", "half", "app2", "down");
        for (String name : List.of("readonly", "hidden", "twice")) {
            bastion.addHost(
                    name, app1().address() + ":" + app1().port(), app1().hostKey().fingerprint());
            bastion.addKeyAccount(name, bastion.login(), app1().userKeys());
        }
        bastion.addKeyAccount("twice", "deploy", app1().userKeys());
        bastion.admin("host-group", "add", "look");
        bastion.admin("host-group", "member", "add", "look", "readonly");
        bastion.admin("host-group", "add", "secret");
        bastion.admin("host-group", "member", "add", "secret", "hidden");
        bastion.grant("readonly", bastion.login(), "sftp-read");
        bastion.grant("twice", "*", "sftp-read");
    }

    private SshdHost app1() {
        return apps.firstEntry().getValue();
    }

    /** The folder of a host's own, as this machine has it. */
    Path own(String host) {
        try {
            return Files.createDirectories(folder.resolve("own-" + host));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SshClient.Result sftp(String... commands) {
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of("-b", "-", "alice@127.0.0.1"));
        return SshClient.runProgram(
                "sftp",
                words,
                (String.join("\n", commands) + "\n").getBytes(StandardCharsets.UTF_8),
                LIMIT);
    }

    SshClient.Result scp(String from, String to) {
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of(from, to));
        return SshClient.runProgram("scp", words, new byte[0], LIMIT);
    }

    /** What {@code ssh} gets that sends these bytes to the subsystem. */
    SshClient.Result raw(byte[] bytes) {
        return SshClient.run(subsystem(), bytes, LIMIT);
    }

    /** The arguments of {@code ssh} for the subsystem. */
    List<String> subsystem() {
        List<String> words = new ArrayList<>(List.of("-s"));
        words.addAll(bastion.ssh("alice", "sftp"));
        return words;
    }

    @Override
    public void close() {
        try {
            bastion.close();
        } finally {
            apps.values().forEach(SshdHost::close);
        }
    }
}
