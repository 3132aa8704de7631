package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.ForwardOpened;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Dropbear's client, with a key of its own form. */
@TestInstance(Lifecycle.PER_CLASS)
final class DropbearIT {

    private final ClientScene scene;

    DropbearIT(@TempDir Path folder) {
        scene =
                ClientScene.start(
                        folder, "dbclient", "dropbearconvert", "rsync", "scp", "ssh-keyscan");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private static final String LOGIN =
            """
            dropbearconvert openssh dropbear "$KEY" key 2>/dev/null
            LOGIN="-i $HERE/key -p $PORT -l alice+web1"
            """;

    @Test
    void runsCommands() throws Exception {
        scene.file("large", 3_000_005);

        scene.succeeds(LOGIN + "dbclient -T $LOGIN 127.0.0.1 cat < large | cmp - large");
        var result = scene.run(LOGIN + "dbclient $LOGIN 127.0.0.1 'echo $RIG_HOST; ls -0; exit 7'");

        assertThat(result.text()).isEqualTo("web1\n");
        assertThat(result.stderr()).contains("invalid option");
        assertThat(result.exitStatus()).isEqualTo(7);
        scene.awaitCommand("echo $RIG_HOST; ls -0", 7);
    }

    @Test
    void feedsAShellFromStandardInput() {
        var result =
                scene.run(
                        LOGIN
                                + "printf 'echo fed by $RIG_HOST\\nexit 4\\n' |"
                                + " dbclient -T $LOGIN 127.0.0.1");

        assertThat(result.text()).isEqualTo("fed by web1\n");
        assertThat(result.exitStatus()).isEqualTo(4);
        scene.awaitCommand("echo fed by $RIG_HOST", 4);
    }

    @Test
    void carriesRsync() throws Exception {
        Path large = scene.file("large", 3_000_006);

        scene.succeeds(LOGIN + "rsync -e \"dbclient $LOGIN\" large 127.0.0.1:\"$THERE/\"");

        assertThat(scene.there.resolve("large")).hasSameBinaryContentAs(large);
        scene.awaitCommand("rsync --server", 0);
    }

    @Test
    void carriesTheOldScp() throws Exception {
        Path large = scene.file("large", 3_000_007);

        scene.succeeds(
                LOGIN
                        + """
                        scp() { command scp -O -S "$(command -v dbclient)" -i "$HERE/key" -P "$PORT" "$@"; }
                        scp large "$ADDRESS:$THERE/copy"
                        scp "$ADDRESS:$THERE/copy" back
                        """);

        assertThat(scene.there.resolve("copy")).hasSameBinaryContentAs(large);
        assertThat(scene.here.resolve("back")).hasSameBinaryContentAs(large);
        scene.awaitOldScp("write", "large", scene.there.resolve("copy"), large);
        scene.awaitOldScp("read", "copy", scene.there.resolve("copy"), large);
    }

    @Test
    void forwardsAPort() throws Exception {
        int port = scene.freePort();

        String key =
                scene.succeeds(
                        LOGIN
                                + """
                                dbclient -N -L 127.0.0.1:%1$d:127.0.0.1:$WEB2_PORT $LOGIN 127.0.0.1 &
                                trap 'kill $!' EXIT
                                until ssh-keyscan -t ed25519 -p %1$d 127.0.0.1 2>/dev/null | grep ' '
                                do kill -0 $!; sleep 0.05; done
                                """
                                        .formatted(port));

        assertThat(key).contains(scene.bastion.web2().hostKey().base64());
        String destination = "127.0.0.1:" + scene.bastion.web2().port();
        scene.bastion.awaitRecord(
                ForwardOpened.class, record -> record.destination().equals(destination));
    }
}
