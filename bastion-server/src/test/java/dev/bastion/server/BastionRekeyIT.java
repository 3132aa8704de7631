package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.config.Settings;
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
 * The bastion itself has keys exchanged anew, with clients and hosts that never would, and with
 * such as do it just as often, so that both sides begin at the same moment again and again.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class BastionRekeyIT {

    private static final Duration BULK_LIMIT = Duration.ofMinutes(2);
    private static final int MEGABYTE = 1_000_000;
    private static final Pattern EXCHANGE = Pattern.compile("SSH2_MSG_NEWKEYS received");

    private final RunningBastion bastion;
    private final SshdHost never;
    private final SshdHost often;

    BastionRekeyIT(@TempDir Path folder) throws IOException {
        Path limits =
                Files.writeString(
                        folder.resolve("bastion.yaml"), "rekeyBytes: 1048576\nrekeySeconds: 2\n");
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
        never = host(folder, "never", "RekeyLimit default none");
        often = host(folder, "often", "RekeyLimit 1M");
    }

    private SshdHost host(Path folder, String name, String limit) {
        SshdHost host = SshdHost.start(folder, "127.0.0.1", List.of(limit, "LogLevel DEBUG1"));
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
            never.close();
            often.close();
        }
    }

    @Test
    void withPeersThatNeverBegin() {
        byte[] bytes = random(20 * MEGABYTE);
        int before = exchanges(never.log());

        SshClient.Result result = run("alice+never", bytes, "cat");

        assertSame(result, bytes);
        assertThat(exchanges(result.stderr())).isGreaterThan(10);
        assertThat(exchanges(never.log()) - before).isGreaterThan(10);
    }

    @Test
    void byTimeInASessionThatSaysLittle() {
        SshClient.Result result =
                run("alice+never", new byte[0], "for i in 1 2 3 4 5 6; do echo $i; sleep 1; done");

        assertThat(result.text()).isEqualTo("1\n2\n3\n4\n5\n6\n");
        assertThat(exchanges(result.stderr())).isGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aes128-gcm@openssh.com",
                "chacha20-poly1305@openssh.com",
                "aes256-ctr -m hmac-sha2-512-etm@openssh.com"
            })
    void withPeersThatBeginAtTheSameMoment(String cipher) {
        byte[] bytes = random(20 * MEGABYTE);
        List<String> options = new ArrayList<>(List.of("-o", "RekeyLimit=1M", "-c"));
        options.addAll(List.of(cipher.split(" ")));
        options.add("cat");

        SshClient.Result result = run("alice+often", bytes, options.toArray(String[]::new));

        assertSame(result, bytes);
        assertThat(exchanges(result.stderr())).isGreaterThan(10);
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
