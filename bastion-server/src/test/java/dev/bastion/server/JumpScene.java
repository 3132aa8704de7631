package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A bastion, and what a user has at home to reach hosts through it by {@code ssh -J}: an {@code
 * ssh_config} and a {@code known_hosts} with the keys that the bastion says it shows.
 */
final class JumpScene implements AutoCloseable {

    final RunningBastion bastion;
    private final Path folder;

    JumpScene(Path folder, UnaryOperator<Settings> settings) {
        this.folder = folder;
        bastion = RunningBastion.start(folder, settings);
        SshClient.Result hosts = bastion.run("alice", "hosts", "--known-hosts");
        assertThat(hosts.exitStatus()).as("%s", hosts).isZero();
        try {
            Files.writeString(
                    folder.resolve("home_hosts"),
                    Files.readString(folder.resolve("known_hosts")) + hosts.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keys of hosts as the user knows them. */
    List<String> knownHosts() {
        try {
            return Files.readAllLines(folder.resolve("home_hosts"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The first options of {@code ssh}, {@code sftp}, {@code scp}: a configuration with the bastion
     * as the jump to everything else.
     *
     * @param inner lines for the hosts
     */
    List<String> home(Keys outerKey, Keys innerKey, String... inner) {
        List<String> lines = new ArrayList<>();
        lines.addAll(
                List.of(
                        "Host bastion",
                        "  HostName 127.0.0.1",
                        "  Port " + bastion.port(),
                        "  User alice",
                        "  IdentityFile " + outerKey.privateFile(),
                        "Host *",
                        "  IdentityFile " + innerKey.privateFile(),
                        "  IdentitiesOnly yes",
                        "  IdentityAgent none",
                        "  GlobalKnownHostsFile none",
                        "  UserKnownHostsFile " + folder.resolve("home_hosts"),
                        "  StrictHostKeyChecking yes",
                        "  NumberOfPasswordPrompts 1",
                        "Host * !bastion",
                        "  ProxyJump bastion"));
        for (String line : inner) {
            lines.add("  " + line);
        }
        try {
            Path file = Files.createTempFile(folder, "ssh", "config");
            Files.write(file, lines);
            return List.of("-F", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with alice's key for both, and nothing asked. */
    List<String> home(String... inner) {
        Keys key = bastion.key("alice");
        List<String> words = new ArrayList<>(home(key, key, inner));
        words.addAll(List.of("-o", "BatchMode=yes"));
        return words;
    }

    /** Runs {@code ssh} with what comes after its options. */
    SshClient.Result ssh(List<String> options, byte[] input, String... more) {
        return run("ssh", options, input, more);
    }

    SshClient.Result ssh(String... more) {
        return ssh(home(), new byte[0], more);
    }

    static SshClient.Result run(
            String program, List<String> options, byte[] input, String... more) {
        List<String> words = new ArrayList<>(options);
        words.addAll(List.of(more));
        return SshClient.runProgram(program, words, input, LIMIT);
    }

    @Override
    public void close() {
        bastion.close();
    }
}
