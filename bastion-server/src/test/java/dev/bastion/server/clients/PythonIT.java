package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.audit.AuditRecord.LoginAttempted;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What is written in Python: paramiko, Fabric, asyncssh. */
@TestInstance(Lifecycle.PER_CLASS)
final class PythonIT {

    private final ClientScene scene;

    PythonIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "ssh-keyscan");
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
    void paramiko() throws Exception {
        Path large = scene.file("large", 3_000_001);

        scene.python("with_paramiko.py");

        scene.awaitCommand("cat; echo err >&2; exit 5", 5);
        scene.awaitFile("write", scene.there.resolve("put"), large);
        scene.awaitFile("write", scene.there.resolve("pipelined"), large);
        scene.awaitFile("read", scene.there.resolve("put"), large);
        scene.awaitCommand("echo shell-of-$RIG_HOST", 6);
        awaitForward();
    }

    @Test
    void aForgedSignatureIsRefusedAndRecorded() throws Exception {
        scene.python("with_wrong_signatures.py");

        scene.bastion.awaitRecord(
                LoginAttempted.class,
                login ->
                        !login.accepted()
                                && login.user().equals("alice+web1")
                                && login.credential().startsWith("SHA256:")
                                && login.reason().contains("did not sign"));
    }

    @Test
    void fabric() throws Exception {
        Path large = scene.file("large", 1_000_001);

        scene.python("with_fabric.py");

        scene.awaitFile("write", scene.there.resolve("put"), large);
        scene.awaitFile("read", scene.there.resolve("put"), large);
        scene.awaitCommand("web1", "echo fabric-on-$RIG_HOST", 3);
        scene.awaitCommand("web2", "echo fabric-on-$RIG_HOST", 3);
    }

    @Test
    void asyncsshWithManySessionsOverOneConnection() throws Exception {
        Path large = scene.file("large", 3_000_002);

        scene.python("with_asyncssh.py");

        scene.awaitCommand("echo session 29; exit 29", 29);
        assertThat(scene.records(CommandEntered.class))
                .filteredOn(record -> record.command().startsWith("sleep 0.5; echo session "))
                .hasSize(30);
        scene.awaitFile("write", scene.there.resolve("put"), large);
        scene.awaitFile("read", scene.there.resolve("put"), large);
        scene.awaitOldScp("write", "large", scene.there.resolve("scp"), large);
        scene.awaitOldScp("read", "scp", scene.there.resolve("scp"), large);
        scene.awaitCommand("echo shell-of-$RIG_HOST", 6);
        awaitForward();
    }

    private void awaitForward() {
        String web2 = "127.0.0.1:" + scene.bastion.web2().port();
        scene.bastion.awaitRecord(ForwardOpened.class, record -> record.destination().equals(web2));
    }
}
