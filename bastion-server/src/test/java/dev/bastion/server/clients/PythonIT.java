package dev.bastion.server.clients;

import static dev.bastion.server.clients.ClientScene.SAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.audit.AuditRecord.LoginAttempted;
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

/** What is written in Python: paramiko, Fabric, asyncssh. */
@TestInstance(Lifecycle.PER_CLASS)
final class PythonIT {

    private final ClientScene scene;

    PythonIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "ssh-agent");
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
        scene.awaitReadByParamiko(scene.there.resolve("put"), large);
        scene.awaitCommand("echo shell-of-$RIG_HOST", 6);
        awaitForward();
    }

    @Test
    void forwardingWithParamiko() throws Exception {
        forwards("forwarding_with_paramiko.py", 1_000_011);
    }

    @Test
    void forwardingWithFabric() throws Exception {
        forwards("forwarding_with_fabric.py", 1_000_021);
    }

    @Test
    void forwardingWithAsyncssh() throws Exception {
        forwards("forwarding_with_asyncssh.py", 1_000_031);

        scene.forwards.await("local", scene.forwards.address(), 1_000_030);
    }

    private void forwards(String resource, int length) throws Exception {
        scene.file("large", length);
        long before = scene.forwards.keysListed();

        scene.python(resource);

        // Fabric writes localhost.
        scene.forwards.await("local", ":" + scene.forwards.port(), length);
        scene.forwards.await("remote", "", length);
        scene.forwards.awaitKeysListed(before);
    }

    @Test
    void treesOfFiles() throws Exception {
        scene.makeTree();

        scene.python("trees_with_python.py");

        scene.succeeds(
                SAME
                        + """
                        diff -r paramiko-tree "$THERE/paramiko-tree"
                        same asyncssh-tree "$THERE/asyncssh-tree"
                        same tree "$THERE/old-tree"
                        same tree old-tree
                        rm asyncssh-tree/not*
                        diff -r asyncssh-tree fabric-tree
                        diff -r asyncssh-tree "$THERE/fabric-tree"
                        rm paramiko-tree/not* tree/not*
                        diff -r asyncssh-tree paramiko-tree
                        diff -r -x 'new*' asyncssh-tree tree
                        """);
        Path large = scene.here.resolve("tree/large");
        for (String client : List.of("paramiko", "fabric", "asyncssh")) {
            Path copy = scene.there.resolve(client + "-tree/large");
            scene.awaitFile("write", copy, large);
            if (client.equals("asyncssh")) {
                scene.awaitFile("read", copy, large);
            } else {
                scene.awaitReadByParamiko(copy, large);
            }
            scene.awaitFile("write", scene.there + "/" + client + "-tree/new\nline");
        }
        scene.awaitOldScp("write", "tree/large", scene.there.resolve("old-tree"), large);
        scene.awaitOldScp("read", "old-tree/large", scene.there.resolve("old-tree"), large);
        assertThat(scene.writesBelow(scene.there + "/paramiko-tree")).isEqualTo(13);
        assertThat(scene.writesBelow(scene.there + "/fabric-tree")).isEqualTo(12);
        assertThat(scene.writesBelow(scene.there + "/asyncssh-tree")).isEqualTo(13);
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
        scene.awaitReadByParamiko(scene.there.resolve("put"), large);
        scene.awaitCommand("web1", "echo fabric-on-$RIG_HOST", 3);
        scene.awaitCommand("web2", "echo fabric-on-$RIG_HOST", 3);
    }

    /** It has no such name there: only what it stands on has. */
    @Test
    void namesThatAreNotUtf8WithFabric() throws Exception {
        Path large = scene.file("large", 1_000_003);
        Path copy = Files.copy(large, scene.here.resolve("copy"));

        scene.python("names_with_fabric.py");

        scene.awaitFile("write", scene.there.resolve("put"), copy);
        scene.awaitFile("write", scene.there.resolve("not\\xffutf8"), copy);
        scene.awaitReadByParamiko(scene.there.resolve("not\\xffutf8"), copy);
        scene.awaitReadByParamiko(scene.there.resolve("put"), copy);
        assertThat(scene.writesBelow(scene.there + "/")).isEqualTo(2);
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
