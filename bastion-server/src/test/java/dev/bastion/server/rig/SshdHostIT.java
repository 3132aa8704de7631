package dev.bastion.server.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The rig against itself: what it says of a bastion is worth no more than this. */
@TestInstance(Lifecycle.PER_CLASS)
final class SshdHostIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final SshdHost host;

    SshdHostIT(@TempDir Path folder) {
        host = SshdHost.start(folder);
    }

    @BeforeAll
    void loggedNothingBad() {
        assertThat(host.log()).doesNotContain("fatal:");
    }

    @AfterAll
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
    void carriesStandardInputBitForBit() {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);

        assertThat(SshClient.run(with("cat"), bytes, LIMIT).stdout()).isEqualTo(bytes);
    }

    @Test
    void endsAClientThatOutlivesItsLimit() {
        assertThatThrownBy(() -> SshClient.run(with("sleep 60"), Duration.ofMillis(500)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("did not end within");
    }

    @Test
    void seesTheSizeAndItsChangeThroughAPty() {
        try (PtySshClient client = shell()) {
            client.send("stty size\r");
            client.expect("24 80\r\n", LIMIT);
            client.resize(101, 31);
            client.send("stty size\r");
            client.expect("31 101\r\n", LIMIT);
            client.send("exit 3\r");
            assertThat(client.awaitExit(LIMIT)).isEqualTo(3);
        }
    }

    @Test
    void showsTheScreenOfAFullScreenProgram() {
        try (PtySshClient client = shell()) {
            client.send("seq 500 | less\r");
            client.expectScreen("\\A1 *\n2 *\n.*\n23 *\n:", LIMIT);
            client.send("G");
            client.expectScreen("500 *\n\\(END\\)", LIMIT);
            client.send("q");
            client.send("exit\r");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void failsWithWhatWasShownInstead() {
        try (PtySshClient client = shell()) {
            client.send("echo he''llo\r");
            client.expect("hello", LIMIT);
            assertThatThrownBy(() -> client.expect("never", Duration.ofMillis(300)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("never");
        }
    }

    @Test
    void endsItsSessionsWhenItCloses(@TempDir Path folder) {
        SshdHost other = SshdHost.start(folder);
        List<String> arguments = new ArrayList<>(other.sshArguments());
        try (PtySshClient client = PtySshClient.start(arguments)) {
            client.send("echo rea''dy\r");
            client.expect("ready", LIMIT);
            other.close();
            assertThat(client.awaitExit(LIMIT)).isEqualTo(255);
        }
    }

    @Test
    void namesAProgramThatIsMissing() {
        assertThatThrownBy(() -> Programs.find("no-such-program"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no-such-program");
    }

    private PtySshClient shell() {
        return PtySshClient.start(host.sshArguments());
    }

    private List<String> with(String command) {
        List<String> arguments = new ArrayList<>(host.sshArguments());
        arguments.add(command);
        return arguments;
    }
}
