package dev.bastion.server.clients;

import static dev.bastion.server.clients.ClientScene.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.FreePort;
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
        scene = ClientScene.start(folder, "plink", "pscp", "psftp", "puttygen", "ssh-agent");
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
    void plinkForwardsPortsOfBothSides() throws Exception {
        int near = FreePort.find();
        int socks = FreePort.find();
        int far = FreePort.find();
        String forwards =
                "-L 127.0.0.1:%1$d:%4$s -D 127.0.0.1:%2$d -R 127.0.0.1:%3$d:%4$s"
                        .formatted(near, socks, far, scene.forwards.address());

        try (var plink =
                scene.listening(far, LOGIN + "exec plink $LOGIN -N " + forwards + " 127.0.0.1")) {
            scene.forwards.echo(near, 1_000_003);
            scene.forwards.echoOverSocks(socks, 1_000_004);
            scene.forwards.echo(far, 1_000_005);
            assertThat(plink.process().isAlive()).isTrue();
        }

        scene.forwards.await("local", scene.forwards.address(), 1_000_003);
        scene.forwards.await("local", scene.forwards.address(), 1_000_004);
        scene.forwards.await("remote", ":" + far, 1_000_005);
    }

    @Test
    void plinkLendsItsAgentWhereItIsGranted() {
        long before = scene.forwards.keysListed();

        String said =
                scene.succeeds(
                        LOGIN
                                + AGENT
                                + """
                                ssh-add -l
                                for user in alice+web2 alice+web1; do plink $LOGIN -A -l $user 127.0.0.1 \\
                                    'ssh-add -l; echo "socket=$SSH_AUTH_SOCK"' 2> errors; done
                                """);

        assertThat(said).matches("(256 SHA256:.*\n)\\1socket=/.*\nsocket=\n");
        scene.forwards.awaitKeysListed(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t", "-T"})
    void plinkIsToldThatX11IsRefused(String terminal) {
        var result =
                scene.run(
                        LOGIN
                                + "export DISPLAY=localhost:77; plink -v -X "
                                + terminal
                                + " $LOGIN 127.0.0.1 'echo on=$DISPLAY=; exit 3'");

        String sentence = "bastion: X11 is not forwarded through the bastion";
        assertThat(result.exitStatus()).isEqualTo(3);
        assertThat(result.stderr()).contains("X11 forwarding refused");
        if (terminal.equals("-t")) {
            assertThat(result.text()).contains(sentence, "on==");
        } else {
            assertThat(result.text()).isEqualTo("on==\n");
            assertThat(result.stderr()).contains("Remote debug message: " + sentence);
        }
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

    /** PuTTY sends a file piece by piece, which takes long for large ones, bastion or not. */
    @Test
    void psftpCarriesATreeBothWays() {
        scene.makeTree();

        scene.succeeds(
                LOGIN
                        + """
                        rm tree/large; truncate -s 300K tree/sparse
                        printf 'put -r tree %s\\nget -r %s back\\n' "$THERE/copy" "$THERE/copy" > batch
                        psftp $LOGIN -b batch 127.0.0.1
                        diff -r tree "$THERE/copy"
                        diff -r tree back
                        """);

        assertThat(scene.writesBelow(scene.there + "/copy")).isEqualTo(12);
        scene.awaitFile("write", scene.there + "/copy/not\\xffutf8");
        scene.awaitFile("read", scene.there + "/copy/new\nline");
    }

    /** It takes a backslash for a slash; with the old protocol the host's shell reads the name. */
    @ParameterizedTest
    @ValueSource(strings = {"-sftp", "-scp"})
    void pscpCarriesATreeBothWays(String protocol) {
        scene.makeTree();

        scene.succeeds(
                LOGIN
                        + """
                        rm tree/large 'tree/back\\slash'; truncate -s 300K tree/sparse
                        [ %1$s = -sftp ] || rm tree/*line 'tree/do$lar`tick`'
                        mkdir "$THERE/copy"
                        pscp -q $LOGIN %1$s -p -r tree "127.0.0.1:$THERE/copy"
                        diff -r tree "$THERE/copy/tree"
                        pscp -q $LOGIN %1$s -p -r "127.0.0.1:$THERE/copy/tree" back
                        diff -r tree back
                        """
                                .formatted(protocol));

        boolean sftp = protocol.equals("-sftp");
        String tree = sftp ? scene.there + "/copy/tree" : "tree";
        assertThat(scene.writesBelow(tree + "/")).isEqualTo(sftp ? 11 : 9);
        scene.awaitFile("write", tree + "/not\\xffutf8");
        scene.awaitFile("read", tree + "/sub dir/deep/café");
    }
}
