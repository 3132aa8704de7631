package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bastion has keys exchanged anew every megabyte, in the middle of what goes both ways.
 * Dropbear does not tell of it.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class KeysAnewIT {

    private static final int EXCHANGES = 5;
    private static final int BYTES = 10_000_003;

    private final ClientScene scene;

    KeysAnewIT(@TempDir Path folder) throws IOException {
        Path limits = Files.writeString(folder.resolve("bastion.yaml"), "rekeyBytes: 1048576\n");
        scene =
                ClientScene.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"),
                        "plink",
                        "puttygen",
                        "dbclient",
                        "dropbearconvert");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
        scene.file("large", BYTES);
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void withPutty() {
        String log =
                scene.succeeds(
                        """
                        puttygen "$KEY" -O private -o key.ppk
                        plink -v -batch -hostkey $FINGERPRINT -i key.ppk -P $PORT -l alice+web1 \\
                            127.0.0.1 cat < large 2> log | cmp - large
                        cat log
                        """);

        assertThat(times("Remote side initiated key re-exchange|key re-exchange requested", log))
                .as(log)
                .isGreaterThan(EXCHANGES);
        scene.awaitCommand("cat", 0);
    }

    @Test
    void withDropbear() {
        scene.succeeds(
                """
                dropbearconvert openssh dropbear "$KEY" key 2>/dev/null
                dbclient -T -i key -p $PORT -l alice+web1 127.0.0.1 cat < large | cmp - large
                """);
    }

    @Test
    void withParamiko() throws Exception {
        assertThat(times("Switch to new keys", scene.python("rekeyed_paramiko.py")))
                .isGreaterThan(EXCHANGES);
    }

    @Test
    void withAsyncssh() throws Exception {
        assertThat(times("Received key exchange request", scene.python("rekeyed_asyncssh.py")))
                .isGreaterThan(EXCHANGES);
    }

    private static long times(String words, String log) {
        return Pattern.compile(words).matcher(log).results().count();
    }
}
