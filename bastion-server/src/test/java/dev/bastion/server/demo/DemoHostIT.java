package dev.bastion.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.vault.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoHostIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Path folder;
    private final Keys keys;
    private final DemoHost host;

    DemoHostIT(@TempDir Path folder) {
        this.folder = folder;
        this.keys = Keys.ed25519(folder, "operator");
        this.host = new DemoHost("web1", DemoLogin.withKey("demo", keys.publicKey()));
    }

    @BeforeEach
    void start() {
        host.start();
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void tellsExitStatusAndKeepsStreamsApart() {
        SshClient.Result result = SshClient.run(with("echo out; echo err >&2; exit 7"), LIMIT);

        assertThat(result.exitStatus()).isEqualTo(7);
        assertThat(result.text()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo("err\n");
    }

    @Test
    void passesTheEndOfInputOnAndCarriesBytesBitForBit() {
        byte[] bytes = new byte[1_000_000];
        new Random(2).nextBytes(bytes);

        assertThat(SshClient.run(with("cat"), bytes, LIMIT).stdout()).isEqualTo(bytes);
    }

    @Test
    void givesNoTerminalWhereNoneWasAsked() {
        assertThat(SshClient.run(with("tty"), LIMIT).text()).isEqualTo("not a tty\n");
    }

    @Test
    void givesACommandARealTerminal() {
        SshClient.Result result = SshClient.run(with("-tt", "tty; echo $HOST"), LIMIT);

        assertThat(result.text()).matches("/dev/pts/[0-9]+\r\nweb1\r\n");
        assertThat(result.exitStatus()).isZero();
    }

    @Test
    void losesNothingOfATerminalsLastWords() {
        SshClient.Result result = SshClient.run(with("-tt", "seq 100000"), LIMIT);

        assertThat(result.text().lines()).hasSize(100_000).endsWith("100000");
    }

    @Test
    void promptsWithItsNameAndFollowsTheSize() {
        try (PtySshClient client = PtySshClient.start(with(), 90, 30, Map.of("TERM", "screen"))) {
            client.expect("web1\\$ ", LIMIT);
            client.send("stty size; echo $TERM\r");
            client.expect("30 90\r\nscreen\r\n", LIMIT);
            client.resize(121, 41);
            client.send("stty size\r");
            client.expect("41 121\r\n", LIMIT);
            client.send("exit 5\r");
            assertThat(client.awaitExit(LIMIT)).isEqualTo(5);
        }
    }

    @Test
    void interruptsTheForegroundOnly() {
        try (PtySshClient client = PtySshClient.start(with())) {
            client.expect("web1\\$ ", LIMIT);
            // The child says so itself when it has the terminal.
            client.send("sh -c 'echo rea''dy; exec sleep 60'\r");
            client.expect("^ready", LIMIT);
            client.send("\u0003");
            client.expect("web1\\$ ", LIMIT);
            client.send("echo sti''ll\r");
            client.expect("still", LIMIT);
        }
    }

    @Test
    void endsItsProcessesWhenItCloses() throws Exception {
        Process client = SshClient.start("ssh", with("echo $$; exec sleep 61"));
        byte[] first = new byte[20];
        int length = client.getInputStream().read(first);
        long pid = Long.parseLong(new String(first, 0, length, StandardCharsets.UTF_8).strip());
        assertThat(ProcessHandle.of(pid)).isPresent();

        host.close();

        ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
        assertThat(ProcessHandle.of(pid)).isEmpty();
        client.destroyForcibly();
    }

    @Test
    void endsAShellWhoseClientVanishes() throws Exception {
        long pid;
        try (PtySshClient client = PtySshClient.start(with())) {
            client.expect("web1\\$ ", LIMIT);
            client.send("echo pid=$$.\r");
            pid = Long.parseLong(client.expect("pid=([0-9]+)\\.", LIMIT).group(1));
        }
        ProcessHandle.of(pid)
                .ifPresent(handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void takesFilesOverSftp() throws Exception {
        Path from = Files.write(folder.resolve("from"), new byte[] {0, 1, 2, 13, 10, (byte) 255});
        Path to = folder.resolve("to");
        List<String> arguments = new ArrayList<>(SshClient.options(keys));
        arguments.addAll(
                List.of(
                        "-s",
                        "-P",
                        String.valueOf(host.port()),
                        from.toString(),
                        "demo@127.0.0.1:" + to));

        SshClient.Result result = SshClient.runProgram("scp", arguments, new byte[0], LIMIT);

        assertThat(result.stderr()).isEmpty();
        assertThat(Files.readAllBytes(to)).isEqualTo(Files.readAllBytes(from));
    }

    @Test
    void refusesAnotherNameAndAnotherKey() {
        Keys other = Keys.ed25519(folder, "other");

        List<String> wrongName = SshClient.arguments("root", "127.0.0.1", host.port(), keys);
        List<String> wrongKey = SshClient.arguments("demo", "127.0.0.1", host.port(), other);

        assertThat(SshClient.run(wrongName, LIMIT).stderr()).contains("Permission denied");
        assertThat(SshClient.run(wrongKey, LIMIT).stderr()).contains("Permission denied");
    }

    @Test
    void takesAPasswordAndNoOther() {
        try (DemoHost other =
                new DemoHost("db1", DemoLogin.withPassword("demo", Secret.of("right one")))) {
            other.start();
            List<String> arguments =
                    List.of(
                            "-F",
                            "none",
                            "-o",
                            "StrictHostKeyChecking=no",
                            "-o",
                            "UserKnownHostsFile=/dev/null",
                            "-o",
                            "PubkeyAuthentication=no",
                            "-p",
                            String.valueOf(other.port()),
                            "demo@127.0.0.1");
            try (PtySshClient client = PtySshClient.start(arguments)) {
                client.expect("assword: ?", LIMIT);
                client.send("wrong one\r");
                client.expect("assword: ?", LIMIT);
                client.send("right one\r");
                client.expect("db1\\$ ", LIMIT);
            }
        }
    }

    @Test
    void showsTheFingerprintThatClientsSee() {
        SshClient.Result scan =
                SshClient.runProgram(
                        "ssh-keyscan",
                        List.of("-p", String.valueOf(host.port()), "127.0.0.1"),
                        new byte[0],
                        LIMIT);

        assertThat(scan.text()).contains(host.hostKey().type() + " " + host.hostKey().base64());
        assertThat(host.fingerprint()).startsWith("SHA256:");
    }

    private List<String> with(String... words) {
        List<String> arguments =
                new ArrayList<>(SshClient.arguments("demo", host.address(), host.port(), keys));
        if (words.length > 1) {
            arguments.add(0, words[0]);
            arguments.add(words[1]);
        } else {
            arguments.addAll(List.of(words));
        }
        return arguments;
    }
}
