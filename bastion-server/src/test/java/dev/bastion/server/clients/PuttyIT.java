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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PuTTY's programs without a window. */
@TestInstance(Lifecycle.PER_CLASS)
final class PuttyIT {

    private final ClientScene scene;

    PuttyIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "plink", "pscp", "psftp", "puttygen", "ssh-keyscan");
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
            puttygen "$KEY" -O private -o key.ppk
            LOGIN="-batch -hostkey $FINGERPRINT -i key.ppk -P $PORT -l alice+web1"
            """;

    @Test
    void plinkRunsCommands() throws Exception {
        scene.file("large", 3_000_003);

        scene.succeeds(LOGIN + "plink $LOGIN 127.0.0.1 cat < large | cmp - large");
        var result =
                scene.run(
                        LOGIN + "plink $LOGIN 127.0.0.1 'echo plink on $RIG_HOST; ls -0; exit 7'");

        assertThat(result.text()).isEqualTo("plink on web1\n");
        assertThat(result.stderr()).contains("invalid option");
        assertThat(result.exitStatus()).isEqualTo(7);
        scene.awaitCommand("echo plink on $RIG_HOST", 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t", "-T"})
    void plinkFeedsAShellFromStandardInput(String terminal) {
        var result =
                scene.run(
                        LOGIN
                                + "printf 'echo fed%s by $RIG_HOST\\nexit 4\\n' | plink %s $LOGIN 127.0.0.1"
                                        .formatted(terminal, terminal));

        assertThat(result.text()).contains("fed" + terminal + " by web1");
        assertThat(result.exitStatus()).isEqualTo(4);
        scene.awaitCommand("echo fed" + terminal + " by $RIG_HOST", 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-sftp", "-scp"})
    void pscpCopiesBothWays(String protocol) throws Exception {
        scene.makeTree();
        Path large = scene.here.resolve("tree/large");

        scene.succeeds(
                LOGIN
                        + """
                        pscp -q $LOGIN %1$s -p tree/large "127.0.0.1:$THERE/copy"
                        pscp -q $LOGIN %1$s -p "127.0.0.1:$THERE/copy" back
                        cmp tree/large back
                        mkdir "$THERE/tree"
                        pscp -q $LOGIN %1$s -r "tree/sub dir" "127.0.0.1:$THERE/tree"
                        diff -r "tree/sub dir" "$THERE/tree/sub dir"
                        """
                                .formatted(protocol));

        assertThat(scene.there.resolve("copy")).hasSameBinaryContentAs(large);
        Path copy = scene.there.resolve("copy");
        if (protocol.equals("-sftp")) {
            scene.awaitFile("write", copy, large);
            scene.awaitFile("read", copy, large);
        } else {
            scene.awaitOldScp("write", "large", copy, large);
            scene.awaitOldScp("read", "copy", copy, large);
        }
    }

    @Test
    void plinkForwardsAPort() throws Exception {
        int port = scene.freePort();

        String key =
                scene.succeeds(
                        LOGIN
                                + """
                                plink $LOGIN -N -L 127.0.0.1:%1$d:127.0.0.1:$WEB2_PORT 127.0.0.1 &
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

    @Test
    void psftpWorksThroughABatch() throws Exception {
        Path large = scene.file("large", 3_000_004);

        scene.succeeds(
                LOGIN
                        + """
                        cat > batch <<END
                        cd $THERE
                        put large
                        mkdir d
                        mv large d/renamed
                        chmod 600 d/renamed
                        get d/renamed back
                        ls d
                        del d/renamed
                        rmdir d
                        END
                        psftp $LOGIN -b batch 127.0.0.1 | grep ' renamed$'
                        """);

        assertThat(scene.here.resolve("back")).hasSameBinaryContentAs(large);
        assertThat(scene.there).isEmptyDirectory();
        scene.awaitFile("write", scene.there.resolve("large"), large);
        scene.awaitFile("read", scene.there.resolve("d/renamed"), large);
        assertThat(scene.awaitFile("rename", scene.there + "/large").target())
                .isEqualTo(scene.there + "/d/renamed");
        scene.awaitFile("setstat", scene.there + "/d/renamed");
        scene.awaitFile("remove", scene.there + "/d/renamed");
        scene.awaitFile("rmdir", scene.there + "/d");
    }
}
