package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static final String SAME =
            """
            list() { (cd "$1"; find . -type f -printf '%p %m %Ts %s\\n' | LC_ALL=C sort); }
            same() { diff -r "$1" "$2"; [ "$(list "$1")" = "$(list "$2")" ]; }
            """;

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
