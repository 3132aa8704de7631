package dev.bastion.server.clients;

import static dev.bastion.server.clients.ClientScene.AGENT;
import static dev.bastion.server.clients.ClientScene.SAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.RunningBastion;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.PtySshClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                        folder, "dbclient", "dropbearconvert", "rsync", "scp", "sftp", "ssh-agent");
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
        scene.makeTree();
        Path large = scene.here.resolve("tree/large");

        scene.succeeds(
                SAME
                        + LOGIN
                        + """
                        rm tree/*line
                        scp() { command scp -O -rp -S "$(command -v dbclient)" -i "$HERE/key" -P "$PORT" "$@"; }
                        scp tree "$ADDRESS:$THERE/copy"
                        scp "$ADDRESS:$THERE/copy" back
                        same tree "$THERE/copy"
                        same tree back
                        """);

        scene.awaitOldScp("write", "tree/large", scene.there.resolve("copy"), large);
        scene.awaitOldScp("read", "copy/large", scene.there.resolve("copy"), large);
        scene.awaitFile("write", "tree/not\\xffutf8");
    }

    @Test
    void servesATerminal() {
        List<String> words = new ArrayList<>(List.of("env", "-C", scene.here.toString()));
        words.addAll(scene.environment());
        words.addAll(List.of("sh", "-euc", LOGIN + "exec dbclient $LOGIN 127.0.0.1"));

        try (PtySshClient client = PtySshClient.startProgram(words)) {
            client.send("echo rea''dy on $RIG_HOST; stty size\r");
            client.expect("ready on web1\r\n24 80\r\n", RunningBastion.LIMIT);
            client.resize(100, 30);
            client.send("stty size; exit 3\r");
            client.expect("30 100\r\n", RunningBastion.LIMIT);
            assertThat(client.awaitExit(RunningBastion.LIMIT)).isEqualTo(3);
        }
        scene.awaitCommand("echo rea''dy on $RIG_HOST; stty size", 3);
    }

    @Test
    void carriesSftp() throws Exception {
        scene.makeTree();
        Path large = scene.here.resolve("tree/large");

        scene.succeeds(
                SAME
                        + LOGIN
                        + """
                        printf 'put -rp tree %s\\nget -rp %s back\\n' "$THERE/copy" "$THERE/copy" > batch
                        sftp -q -S "$(command -v dbclient)" -i "$HERE/key" -P "$PORT" -b batch "$ADDRESS"
                        same tree "$THERE/copy"
                        same tree back
                        """);

        scene.awaitFile("write", scene.there.resolve("copy/large"), large);
        scene.awaitFile("read", scene.there.resolve("copy/large"), large);
        scene.awaitFile("write", scene.there + "/copy/not\\xffutf8");
        assertThat(scene.writesBelow(scene.there + "/copy")).isEqualTo(13);
    }

    @Test
    void forwardsPortsOfBothSides() throws Exception {
        int near = FreePort.find();
        int far = FreePort.find();
        String forwards =
                "-L 127.0.0.1:%d:%3$s -R 127.0.0.1:%d:%3$s "
                        .formatted(near, far, scene.forwards.address());

        try (var client =
                scene.listening(far, LOGIN + "exec dbclient -N " + forwards + "$LOGIN 127.0.0.1")) {
            scene.forwards.echo(near, 1_000_003);
            scene.forwards.echo(far, 1_000_005);
            assertThat(client.process().isAlive()).isTrue();
        }

        scene.forwards.await("local", scene.forwards.address(), 1_000_003);
        scene.forwards.await("remote", ":" + far, 1_000_005);
    }

    @Test
    void lendsItsAgentWhereItIsGranted() {
        long before = scene.forwards.keysListed();

        String said =
                scene.succeeds(
                        LOGIN
                                + AGENT
                                + """
                                ssh-add -l
                                for user in alice+web2 alice+web1; do dbclient -A $LOGIN -l $user 127.0.0.1 \\
                                    'ssh-add -l; echo "socket=$SSH_AUTH_SOCK"' 2> errors; done
                                """);

        assertThat(said).matches("(256 SHA256:.*\n)\\1socket=/.*\nsocket=\n");
        scene.forwards.awaitKeysListed(before);
    }
}
