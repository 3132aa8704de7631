package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.server.RunningBastion;
import dev.bastion.server.rig.PtySshClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The client mosh, which the bastion cannot serve, is told so at once. */
@TestInstance(Lifecycle.PER_CLASS)
final class MoshIT {

    private static final String SENTENCE = "bastion: mosh does not work through the bastion";

    private final ClientScene scene;

    MoshIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "mosh", "mosh-server");
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void theClientIsToldWhyAndWhatToDo() {
        List<String> words = new ArrayList<>(List.of("env"));
        words.addAll(scene.environment());
        words.addAll(List.of("sh", "-c", "exec mosh --ssh=\"$SSH\" alice+web1@bastion"));
        try (PtySshClient mosh = PtySshClient.startProgram(words)) {
            mosh.expect(SENTENCE, RunningBastion.LIMIT);
            mosh.expect("use ssh, with tmux", RunningBastion.LIMIT);
            assertThat(mosh.awaitExit(RunningBastion.LIMIT)).isNotZero();
        }
        scene.bastion.awaitRefusal(refusal ->
                refusal.reason().equals("unsupported") && refusal.target().equals("web1"));
        assertThat(scene.records(CommandEntered.class))
                .noneMatch(record -> record.command().contains("new"));
    }

    @Test
    void withoutATerminalItIsStandardErrorAndAStatus() {
        var result = scene.run("$SSH alice+web1@bastion mosh-server new -s");

        assertThat(result.exitStatus()).isEqualTo(255);
        assertThat(result.stdout()).isEmpty();
        assertThat(result.stderr()).startsWith(SENTENCE).endsWith("connection\n");
    }

    @Test
    void itsServerMayBeAskedForItsVersion() {
        assertThat(scene.succeeds("$SSH alice+web1@bastion 'mosh-server --version'"))
                .startsWith("mosh-server");
    }
}
