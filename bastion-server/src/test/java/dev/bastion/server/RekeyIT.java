package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys are exchanged again and again while much goes both ways: because the client wants it, the
 * host, or both at their own times. Nothing is lost, changed, or stands still.
 *
 * <pre>
 *   ssh, RekeyLimit 1M ── bastion ─┬─ often   RekeyLimit 1M
 *                                  └─ timed   RekeyLimit default 2s
 * </pre>
 */
@TestInstance(Lifecycle.PER_CLASS)
final class RekeyIT {

    private static final Duration BULK_LIMIT = Duration.ofMinutes(2);
    private static final int MEGABYTE = 1_000_000;
    private static final Pattern EXCHANGE = Pattern.compile("SSH2_MSG_NEWKEYS received");

    private final Path folder;
    private final RunningBastion bastion;
    private final SshdHost often;
    private final SshdHost timed;

    RekeyIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        often = host("often", "RekeyLimit 1M");
        timed = host("timed", "RekeyLimit default 2s");
    }

    private SshdHost host(String name, String limit) {
        SshdHost host =
                SshdHost.start(
                        folder,
                        "127.0.0.1",
                        List.of(limit, "LogLevel DEBUG1", "SetEnv RIG_HOST=x"));
        bastion.addSshd(name, host);
        return host;
    }

    @AfterEach
    void nothingIsLeft() {
        bastion.awaitNothingLeft();
    }

    @AfterAll
    void close() {
        try {
            bastion.close();
        } finally {
            often.close();
            timed.close();
        }
    }

    @Test
    void bulkBothWaysBesideTypingOnOneConnection() {
        Path control = folder.resolve("control");
        List<String> master =
                bastion.ssh(
                        "alice+often", "-M", "-S", control + "", "-o", "RekeyLimit=1M", "-N", "-f");
        assertThat(SshClient.run(quick(master), LIMIT).exitStatus()).isZero();
        byte[] bytes = random(100 * MEGABYTE);
        int before = exchanges(often.log());
        try (PtySshClient shell = bastion.terminal("alice+often", "-S", control + "")) {
            Thread typing = Thread.ofPlatform().name("typing").start(() -> type(shell));
            SshClient.Result echoed =
                    SshClient.run(
                            bastion.ssh("alice+often", "-S", control + "", "cat"),
                            bytes,
                            BULK_LIMIT);
            typing.interrupt();

            assertSame(echoed, bytes);
            shell.send("exit 5\r");
            assertThat(shell.awaitExit(LIMIT)).isEqualTo(5);
            assertThat(shell.transcript()).contains("key5=x=");
        } finally {
            SshClient.run(bastion.ssh("alice+often", "-S", control + "", "-O", "exit"), LIMIT);
        }
        assertThat(exchanges(often.log()) - before).isGreaterThan(50);
    }

    private static void type(PtySshClient shell) {
        for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
            shell.send("echo key" + i + "=$RIG_HOST=\r");
            shell.expect("key" + i + "=x=", LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aes128-gcm@openssh.com",
                "chacha20-poly1305@openssh.com",
                "aes256-ctr -m hmac-sha2-256-etm@openssh.com"
            })
    void everyCipherGoesOn(String cipher) {
        byte[] bytes = random(10 * MEGABYTE);
        List<String> options = new ArrayList<>(List.of("-o", "RekeyLimit=1M", "-c"));
        options.addAll(List.of(cipher.split(" ")));
        options.add("cat");

        SshClient.Result result = run("alice+often", bytes, options.toArray(String[]::new));

        assertSame(result, bytes);
        assertThat(exchanges(result.stderr())).isGreaterThan(5);
    }

    @Test
    void downAlone() {
        byte[] zeros = new byte[20 * MEGABYTE];

        SshClient.Result result =
                run(
                        "alice+often",
                        new byte[0],
                        "-o",
                        "RekeyLimit=1M",
                        "head -c " + zeros.length + " /dev/zero");

        assertSame(result, zeros);
        assertThat(exchanges(result.stderr())).isGreaterThan(5);
    }

    @Test
    void upAlone() throws IOException {
        byte[] bytes = random(20 * MEGABYTE);
        Path there = folder.resolve("up");

        SshClient.Result result =
                run("alice+often", bytes, "-o", "RekeyLimit=1M", "cat > " + there);

        assertThat(result.exitStatus()).as(result::stderr).isZero();
        assertThat(Files.mismatch(there, Files.write(folder.resolve("sent"), bytes))).isEqualTo(-1);
    }

    @Test
    void filesAreCarried() throws IOException {
        Path file = Files.write(folder.resolve("file"), random(10 * MEGABYTE));
        Path there = folder.resolve("there");
        Path batch =
                Files.writeString(folder.resolve("batch"), "put %s %s%n".formatted(file, there));
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of("-o", "RekeyLimit=1M", "-b", batch + "", "alice+often@127.0.0.1"));

        SshClient.Result result = SshClient.runProgram("sftp", words, new byte[0], BULK_LIMIT);

        assertThat(result.exitStatus()).as(result::stderr).isZero();
        assertThat(Files.mismatch(file, there)).isEqualTo(-1);
    }

    @Test
    void byTimeOnBothSidesInAShellThatIsUsedAndOneThatIsNot() {
        int before = exchanges(timed.log());
        SshClient.Result result =
                run(
                        "alice+timed",
                        new byte[0],
                        "-o",
                        "RekeyLimit=default 2s",
                        "sleep 3; for i in 1 2 3 4 5; do echo $i; sleep 1; done");

        assertThat(result.text()).isEqualTo("1\n2\n3\n4\n5\n");
        assertThat(exchanges(result.stderr())).isGreaterThan(2);
        await().atMost(LIMIT).until(() -> exchanges(timed.log()) - before > 2);
    }

    @Test
    void byTimeOnBothSidesWhileMuchGoesBothWays() {
        byte[] bytes = random(50 * MEGABYTE);
        int before = exchanges(timed.log());
        // Over some seconds, and never without data that waits.
        String slowly = "for i in $(seq 50); do head -c 1000000; sleep 0.1; done";

        SshClient.Result result = run("alice+timed", bytes, "-o", "RekeyLimit=default 1s", slowly);

        assertSame(result, bytes);
        assertThat(exchanges(result.stderr())).isGreaterThan(3);
        assertThat(exchanges(timed.log()) - before).isGreaterThan(2);
    }

    /** {@code ssh} that tells of each key exchange on standard error. */
    private SshClient.Result run(String address, byte[] input, String... more) {
        List<String> words =
                bastion.ssh(address, more).stream()
                        .map(word -> word.equals("LogLevel=ERROR") ? "LogLevel=DEBUG1" : word)
                        .toList();
        return SshClient.run(quick(words), input, BULK_LIMIT);
    }

    /** With a key exchange that takes little of this machine. */
    private static List<String> quick(List<String> words) {
        return Stream.concat(Stream.of("-o", "KexAlgorithms=curve25519-sha256"), words.stream())
                .toList();
    }

    private static int exchanges(String log) {
        return (int) EXCHANGE.matcher(log).results().count();
    }

    /** Megabytes that differ are not printed. */
    private static void assertSame(SshClient.Result result, byte[] bytes) {
        assertThat(result.exitStatus()).as(result::stderr).isZero();
        assertThat(result.stdout().length).isEqualTo(bytes.length);
        assertThat(Arrays.mismatch(result.stdout(), bytes)).isEqualTo(-1);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
