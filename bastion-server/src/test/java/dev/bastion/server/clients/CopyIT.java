package dev.bastion.server.clients;

import static dev.bastion.server.clients.ClientScene.SAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees of files with odd names, by rsync, scp and tar. */
@TestInstance(Lifecycle.PER_CLASS)
final class CopyIT {

    private final ClientScene scene;

    CopyIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "rsync", "scp", "tar");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void rsyncCarriesATreeBothWaysAndDeletes() {
        scene.makeTree();

        scene.succeeds(
                SAME
                        + """
                        rsync -aS -e "$SSH" tree/ alice+web1@bastion:"$THERE/copy/"
                        same tree "$THERE/copy"
                        [ "$(du -k "$THERE/copy/sparse" | cut -f 1)" -lt 1000 ]
                        rsync -aS -e "$SSH" alice+web1@bastion:"$THERE/copy/" back/
                        same tree back
                        rm -r tree/*line tree/two* 'tree/sub dir/deep'
                        rsync -a --delete -e "$SSH" tree/ alice+web1@bastion:"$THERE/copy/"
                        same tree "$THERE/copy"
                        """);

        assertThat(scene.there.resolve("copy/sub dir")).isEmptyDirectory();
        scene.awaitCommand("rsync --server -logDtprSe", 0);
        scene.awaitCommand("rsync --server --sender -logDtprSe", 0);
        scene.awaitCommand("--delete", 0);
    }

    @Test
    void rsyncGoesOnWhereItWasInterrupted() throws Exception {
        scene.file("large", 20_000_000);

        String interrupted =
                scene.succeeds(
                        """
                        rsync --partial --bwlimit=4000 -e "$SSH" large alice+web1@bastion:"$THERE/" &
                        until [ "$(stat -c %s "$THERE"/.large.* || echo 0)" -gt 1000000 ]
                        do sleep 0.05; done 2>/dev/null
                        kill $!
                        wait $! || true
                        until [ -e "$THERE/large" ]; do sleep 0.05; done
                        stat -c %s "$THERE/large"
                        """);
        String resumed =
                scene.succeeds(
                        """
                        rsync --append-verify --stats -e "$SSH" large alice+web1@bastion:"$THERE/"
                        cmp large "$THERE/large"
                        """);

        long there = Long.parseLong(interrupted.strip());
        assertThat(there).isBetween(1_000_000L, 19_000_000L);
        assertThat(resumed.replace(",", "")).contains("Literal data: " + (20_000_000 - there));
    }

    @Test
    void scpCarriesATreeBothWays() throws Exception {
        scene.makeTree();

        scene.succeeds(
                SAME
                        + """
                        scp -qrp -F "$CONFIG" tree alice+web1@bastion:"$THERE/copy"
                        same tree "$THERE/copy"
                        scp -qrp -F "$CONFIG" alice+web1@bastion:"$THERE/copy" back
                        same tree back
                        """);

        Path large = scene.here.resolve("tree/large");
        scene.awaitFile("write", scene.there.resolve("copy/large"), large);
        scene.awaitFile("read", scene.there.resolve("copy/large"), large);
        scene.awaitFile("write", scene.there + "/copy/not\\xffutf8");
        scene.awaitFile("write", scene.there + "/copy/new\nline");
    }

    /** The old protocol has no line feed in a name: OpenSSH writes another name, bastion or not. */
    @Test
    void scpOfOldCarriesATreeBothWays() throws Exception {
        scene.makeTree();

        scene.succeeds(
                SAME
                        + """
                        rm tree/*line
                        scp -O -qrp -F "$CONFIG" tree alice+web1@bastion:"$THERE/copy"
                        same tree "$THERE/copy"
                        scp -O -qrp -F "$CONFIG" alice+web1@bastion:"$THERE/copy" back
                        same tree back
                        """);

        Path large = scene.here.resolve("tree/large");
        scene.awaitOldScp("write", "tree/large", scene.there.resolve("copy"), large);
        scene.awaitOldScp("read", "copy/large", scene.there.resolve("copy"), large);
        scene.awaitFile("write", "tree/not\\xffutf8");
        scene.awaitCommand("scp -r -p -t " + scene.there + "/copy", 0);
        scene.awaitCommand("scp -r -p -f " + scene.there + "/copy", 0);
    }

    @Test
    void scpFindsTheHomeFolderOfAUser() throws Exception {
        Path file = scene.file("file", 1002);

        String said =
                scene.succeeds(
                        """
                        PATH_BY_HOME="~$LOGIN/../../../..$THERE/copy"
                        scp -vvv -o LogLevel=DEBUG3 -F "$CONFIG" file "alice+web1@bastion:$PATH_BY_HOME" 2>&1
                        scp -q -F "$CONFIG" "alice+web1@bastion:$PATH_BY_HOME" back
                        scp -q -F "$CONFIG" "scp://alice:web1@bastion:$PORT/$THERE/copy" by-address
                        cmp file back; cmp file by-address
                        """);

        assertThat(said).contains("SSH2_FXP_EXTENDED(expand-path@openssh.com)");
        assertThat(scene.there.resolve("copy")).hasSameBinaryContentAs(file);
        scene.awaitFile("write", scene.there.resolve("copy"), file);
        scene.awaitFile("read", scene.there.resolve("copy"), file);
    }

    @Test
    void sftpListsTheNamesOfUsersAndGroups() throws Exception {
        Files.write(scene.there.resolve("file"), new byte[77]);

        String said =
                scene.succeeds(
                        """
                        echo "$(id -un) $(id -gn)"
                        echo "ls -l $THERE" | sftp -vvv -o LogLevel=DEBUG3 -F "$CONFIG" -b - "sftp://alice:web1@bastion:$PORT" 2>&1
                        """);

        String names = said.lines().findFirst().orElseThrow().replace(" ", " +");
        assertThat(said)
                .contains("SSH2_FXP_EXTENDED(users-groups-by-id@openssh.com)")
                .containsPattern("(?m)^-rw-r--r-- +\\S+ " + names + " +77 .*/file$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-O"})
    void scpSaysWhatTheHostSays(String protocol) {
        var result =
                scene.run("scp " + protocol + " -F $CONFIG alice+web1@bastion:$THERE/absent here");

        assertThat(result.exitStatus()).isEqualTo(1);
        assertThat(result.stderr()).contains("absent", "No such file or directory");
    }

    @Test
    void tarCarriesATreeBothWays() {
        scene.makeTree();

        scene.succeeds(
                SAME
                        + """
                        tar cf - tree | $SSH alice+web1@bastion "tar xf - -C '$THERE'"
                        same tree "$THERE/tree"
                        mkdir back
                        $SSH alice+web1@bastion "tar cf - -C '$THERE' tree" | tar xf - -C back
                        same tree back/tree
                        """);

        scene.awaitCommand("tar xf - -C '" + scene.there + "'", 0);
        scene.awaitCommand("tar cf - -C '" + scene.there + "' tree", 0);
    }
}
