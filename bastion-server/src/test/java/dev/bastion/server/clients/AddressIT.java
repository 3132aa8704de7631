package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.SessionStarted;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to write a target, from every kind of client. */
@TestInstance(Lifecycle.PER_CLASS)
final class AddressIT {

    private final ClientScene scene;

    AddressIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "ssh", "scp", "sftp", "rsync", "plink", "dbclient");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    /** Clients take what is before a colon for a host: there the user is named apart. */
    @ParameterizedTest
    @ValueSource(strings = {"alice+web1", "alice%web1", "alice:web1", "alice+LOGIN@web1"})
    void namesATarget(String written) throws Exception {
        String user = written.replace("LOGIN", scene.bastion.login());
        Path file = scene.file("file", 1001);
        int before = scene.records(SessionStarted.class).size();

        String said =
                scene.succeeds(
                        """
                        user='%1$s'
                        case $user in *:*) at="-o User=$user" host=bastion ;; *) at= host=$user@bastion ;; esac
                        [ "$($SSH "$user@bastion" 'echo $RIG_HOST')" = web1 ]
                        scp -q $at -F "$CONFIG" file "$host:$THERE/by-scp"
                        scp -q -O $at -F "$CONFIG" file "$host:$THERE/by-old-scp"
                        echo "put file $THERE/by-sftp" | sftp -q $at -F "$CONFIG" -b - "$host"
                        rsync -e "$SSH $at" file "$host:$THERE/by-rsync"
                        puttygen "$KEY" -O private -o key.ppk
                        plink -batch -hostkey "$FINGERPRINT" -i key.ppk -P "$PORT" -l "$user" 127.0.0.1 \\
                            "cat > $THERE/by-plink" < file
                        dropbearconvert openssh dropbear "$KEY" key 2>&-
                        dbclient -T -i "$HERE/key" -p "$PORT" -l "$user" 127.0.0.1 \\
                            "cat > $THERE/by-dbclient" < file
                        cd "$THERE"; ls
                        """
                                .formatted(user));

        assertThat(said.lines().filter(name -> name.startsWith("by-")))
                .hasSize(6)
                .allSatisfy(
                        name -> assertThat(scene.there.resolve(name)).hasSameBinaryContentAs(file));
        assertThat(scene.records(SessionStarted.class).stream().skip(before))
                .hasSize(7)
                .allSatisfy(record -> {
                    assertThat(record.context().user()).isEqualTo("alice");
                    assertThat(record.context().host()).isEqualTo("web1");
                    assertThat(record.context().account()).isEqualTo(scene.bastion.login());
                });
    }
}
