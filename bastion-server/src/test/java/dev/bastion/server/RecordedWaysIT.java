package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell is recorded whichever way it was reached, and its operator is told so. */
final class RecordedWaysIT {

    private static final String NOTICE = "bastion: this session is recorded";

    @Test
    void fromTheMenuAndThroughAJump(@TempDir Path folder) {
        try (JumpScene scene = new JumpScene(folder, settings -> settings)) {
            try (PtySshClient menu = scene.bastion.terminal("alice")) {
                menu.expectScreen("3 of 3", LIMIT);
                menu.send("web1\r");
                menu.expect(NOTICE, LIMIT);
                runs(menu, "from''-menu");
                menu.send("exit\r");
                menu.expectScreen("3 of 3", LIMIT);
                menu.send("\u001b");
                menu.awaitExit(LIMIT);
            }
            List<String> words = new ArrayList<>(scene.home());
            words.add(scene.bastion.login() + "@web1");
            try (PtySshClient jumped = PtySshClient.start(words)) {
                jumped.expect(NOTICE, LIMIT);
                runs(jumped, "from''-jump");
                jumped.send("exit\r");
                jumped.awaitExit(LIMIT);
            }
            assertShows(scene.bastion, "menu", "from-menu");
            assertShows(scene.bastion, "jump", "from-jump");
        }
    }

    private static void runs(PtySshClient shell, String word) {
        shell.expect("[#$] ", LIMIT);
        shell.send("echo " + word + "\r");
        shell.expect(word.replace("''", "") + "\r\n", LIMIT);
    }

    private static void assertShows(RunningBastion bastion, String command, String shown) {
        String session =
                bastion.awaitAudit(rows -> !rows.isEmpty(), "commands", "--grep", command)
                        .getLast()
                        .get("session")
                        .asString();
        SshClient.Result text = bastion.run("audrey", "audit export " + session + " --format text");
        assertThat(text.exitStatus()).as("%s", text).isZero();
        assertThat(text.text()).contains("Z  " + shown + "\n");
    }
}
