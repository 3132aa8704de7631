package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.server.rig.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What editors do: a shell fed through standard input, and many requests through its SOCKS port.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class EditorIT {

    private final ClientScene scene;

    EditorIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "curl", "xargs");
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
    void aConnectionThatTheClientRefusesLeavesTheSessionAlone() throws Exception {
        int port = FreePort.find();

        String said =
                scene.succeeds(
                        """
                        $SSH -o LogLevel=QUIET -R 127.0.0.1:%1$d:127.0.0.1:%2$d alice+web1@bastion \
                            "bash -c 'cat < /dev/tcp/127.0.0.1/%1$d'; echo still here"
                        """
                                .formatted(port, FreePort.find()));

        assertThat(said).isEqualTo("still here\n");
        scene.bastion.awaitRecord(
                ForwardOpened.class,
                record ->
                        record.direction().equals("remote")
                                && record.destination().endsWith(":" + port));
    }

    @Test
    void thirtyRequestsAtOnceReachAServerThatTheEditorStarted() throws Exception {
        int http = FreePort.find();
        Files.write(scene.there.resolve("file"), Files.readAllBytes(scene.file("large", 200_001)));

        String said =
                scene.succeeds(
                        """
                        mkfifo in
                        $SSH -T -D 127.0.0.1:%1$d alice+web1@bastion bash < in > out &
                        exec 3> in
                        fetch="curl -fsS --socks5-hostname 127.0.0.1:%1$d http://127.0.0.1:%2$d/file -o"
                        echo "cd '$THERE'; $PYTHON -m http.server --bind 127.0.0.1 %2$d > /dev/null 2>&1 &" >&3
                        until $fetch first 2>/dev/null; do kill -0 $!; sleep 0.05; done
                        seq 30 | xargs -P 30 -I @ $fetch got@
                        for i in $(seq 30); do cmp large got$i; done
                        echo 'kill %%1; wait; echo "served by $RIG_HOST"' >&3
                        exec 3>&-
                        wait $!
                        cat out
                        """
                                .formatted(FreePort.find(), http));

        assertThat(said).isEqualTo("served by web1\n");
        assertThat(scene.records(ForwardOpened.class))
                .filteredOn(record -> record.destination().equals("127.0.0.1:" + http))
                .hasSizeGreaterThan(30);
        scene.awaitCommand("bash", 0);
    }
}
