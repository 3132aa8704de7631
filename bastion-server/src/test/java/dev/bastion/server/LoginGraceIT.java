package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Who does not log in within the time is sent away, whatever is said meanwhile. */
@TestInstance(Lifecycle.PER_CLASS)
final class LoginGraceIT {

    private static final Duration GRACE = Duration.ofSeconds(3);

    /** MINA looks for it each second. */
    private static final Duration STEP = Duration.ofSeconds(1);

    private final RunningBastion bastion;

    LoginGraceIT(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("bastion.yaml"),
                        "loginGraceSeconds: " + GRACE.toSeconds() + "\n");
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), file, "127.0.0.1:0"));
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void endsOneThatOnlyIdentifiesItself() {
        assertThat(untilClosed("SSH-2.0-raw\r\n")).isBetween(GRACE.minus(STEP), LIMIT);
    }

    @Test
    void endsOneThatSaysNothing() {
        assertThat(untilClosed("")).isBetween(GRACE.minus(STEP), LIMIT);
    }

    private Duration untilClosed(String said) {
        long begun = System.nanoTime();
        try (RawClient client = RawClient.connect(bastion.port(), "127.0.0.1", LIMIT)) {
            client.send(said).untilClosed();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void leavesOneAloneThatHasLoggedIn() {
        assertThat(
                        bastion.run(
                                        "alice+web1",
                                        "sleep "
                                                + GRACE.plus(STEP.multipliedBy(2)).toSeconds()
                                                + "; echo in")
                                .text())
                .isEqualTo("in\n");
    }
}
