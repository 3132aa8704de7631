package dev.bastion.server.clients;

import static dev.bastion.server.clients.ClientScene.SAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.FileOperated;
import dev.bastion.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What shows a host's files as a folder, a mirror or an address. The bastion offers
 * encrypt-and-MAC, which {@code curl} needs where its libssh2 is older than 1.11.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class FileProgramsIT {

    private final ClientScene scene;

    FileProgramsIT(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("bastion.yaml"), "encryptAndMac: true\n");
        scene =
                ClientScene.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), file, "127.0.0.1:0"),
                        "sshfs",
                        "fusermount3",
                        "lftp",
                        "curl");
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
    void sshfsMountsAFolder() throws Exception {
        Path large = scene.file("large", 3_000_007);
        Files.writeString(scene.there.resolve("old"), "one\n");
        scene.makeTree();

        String free =
                scene.succeeds(
                        SAME
                                + """
                                mkdir mnt
                                sshfs -F "$CONFIG" alice+web1@bastion:"$THERE" mnt
                                trap 'fusermount3 -u -z "$HERE/mnt"' EXIT
                                cp large mnt/new
                                cmp large mnt/new
                                mkdir mnt/d
                                mv mnt/new mnt/d/renamed
                                [ "$(cat mnt/old)" = one ]
                                echo two >> mnt/old
                                [ "$(ls mnt mnt/d | tr '\\n' ' ')" = "mnt: d old  mnt/d: renamed " ]
                                cp -a tree mnt/tree
                                same tree "$THERE/tree"
                                same mnt/tree tree
                                rm -r "$THERE/tree"
                                df -P mnt | grep 'alice+web1'
                                """);

        assertThat(free).contains("alice+web1@bastion:" + scene.there);
        assertThat(scene.there.resolve("d/renamed")).hasSameBinaryContentAs(large);
        assertThat(scene.there.resolve("old")).hasContent("one\ntwo\n");
        scene.awaitFile("write", scene.there.resolve("new"), large);
        scene.awaitFile("rename", scene.there + "/new");
        scene.awaitFile("mkdir", scene.there + "/d");
        scene.awaitFile("read", scene.there + "/old");
        scene.awaitFile("write", scene.there + "/tree/not\\xffutf8");
        assertThat(scene.writesBelow(scene.there + "/tree")).isEqualTo(12);
        // cp leaves its holes out.
        assertThat(scene.awaitFile("write", scene.there + "/tree/sparse").sha256()).isNull();
    }

    @Test
    void lftpMirrorsBothWays() throws Exception {
        scene.makeTree();

        scene.succeeds(
                """
                cat > script <<END
                set cmd:fail-exit yes
                set sftp:connect-program "ssh -a -x -F $CONFIG"
                open -u alice+web1, -p $PORT sftp://127.0.0.1
                mirror -R tree $THERE/copy
                mirror --parallel=3 $THERE/copy back
                END
                lftp -f script
                diff -r tree "$THERE/copy"
                diff -r tree back
                """);

        Path large = scene.here.resolve("tree/large");
        scene.awaitFile("write", scene.there.resolve("copy/large"), large);
        scene.awaitFile("read", scene.there.resolve("copy/large"), large);
        scene.awaitFile("write", scene.there + "/copy/not\\xffutf8");
    }

    @Test
    void curlPutsGetsAndGetsARange() throws Exception {
        Path large = scene.file("large", 3_000_008);

        scene.succeeds(
                """
                FETCH="curl -sS --key $KEY --pubkey $KEY.pub --hostpubsha256 ${FINGERPRINT#SHA256:}"
                URL="127.0.0.1:$PORT$THERE"
                $FETCH -T large "sftp://alice+web1@$URL/put"
                $FETCH "sftp://alice%2Bweb1@$URL/put" -o back
                cmp large back
                $FETCH -r 100000-1099999 "sftp://alice%25web1@$URL/put" -o part
                tail -c +100001 large | head -c 1000000 | cmp - part
                $FETCH -Q "rename $THERE/put $THERE/renamed" "sftp://alice+web1@$URL/" | grep renamed
                $FETCH -T large "scp://alice+web1@$URL/by-scp"
                cmp large "$THERE/by-scp"
                $FETCH "scp://alice+web1@$URL/by-scp" -o back-by-scp
                cmp large back-by-scp
                """);

        assertThat(scene.there.resolve("renamed")).hasSameBinaryContentAs(large);
        scene.awaitFile("write", scene.there.resolve("put"), large);
        scene.awaitFile("read", scene.there.resolve("put"), large);
        scene.awaitFile("rename", scene.there + "/put");
        Path copy = scene.there.resolve("by-scp");
        assertThat(scene.records(CommandEntered.class))
                .filteredOn(record -> record.command().contains(copy.toString()))
                .hasSize(2)
                .allMatch(record -> record.command().startsWith("scp -"));
        for (String operation : List.of("write", "read")) {
            FileOperated record =
                    scene.bastion.awaitRecord(
                            FileOperated.class,
                            one ->
                                    one.path().equals("by-scp")
                                            && one.operation().equals(operation));
            assertThat(record.bytes()).isEqualTo(3_000_008);
            // It ends the session without the last word of the protocol.
            assertThat(record.result()).isEqualTo("unfinished");
        }
    }

    @Test
    void curlPutsAndGetsATree() throws Exception {
        scene.makeTree();
        scene.python("tree_with_curl.py");

        scene.succeeds("diff -r tree \"$THERE/copy\"; diff -r tree back");
        Path large = scene.here.resolve("tree/large");
        scene.awaitFile("write", scene.there.resolve("copy/large"), large);
        scene.awaitFile("read", scene.there.resolve("copy/large"), large);
        scene.awaitFile("write", scene.there + "/copy/not\\xffutf8");
        assertThat(scene.writesBelow(scene.there + "/copy")).isEqualTo(13);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmac-sha2-256", "hmac-sha2-512"})
    void encryptAndMacIsSpokenWhereItIsSet(String mac) throws Exception {
        scene.file("large", 1_000_009);

        scene.succeeds(
                "$SSH -o Ciphers=aes128-ctr -o MACs=%s alice+web1@bastion cat".formatted(mac)
                        + " < large | cmp - large");
    }
}
