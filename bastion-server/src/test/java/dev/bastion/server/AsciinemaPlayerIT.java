package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.AsciinemaPlayer;
import dev.bastion.server.rig.AsciinemaPlayer.Marker;
import dev.bastion.server.rig.AsciinemaPlayer.Screen;
import dev.bastion.server.rig.AsciinemaPlayer.Shown;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The asciinema player, in a browser, plays what is exported for it. */
final class AsciinemaPlayerIT {

    @TempDir private Path folder;

    @Test
    void bothVersionsArePlayedWithSizesAndCharactersThatWereCut()
            throws IOException, InterruptedException {
        String session;
        byte[] v2;
        byte[] v3;
        try (RunningBastion bastion =
                RunningBastion.start(Files.createDirectory(folder.resolve("bastion")))) {
            try (PtySshClient shell = bastion.terminal("alice+web1")) {
                shell.expect("[#$] ", LIMIT);
                shell.send("PS1='$ ' exec bash --norc --noprofile\r");
                shell.expect("noprofile\r\n.*\\$ ", LIMIT);
                shell.send("echo first-page\r");
                shell.expect("first-page\r\n", LIMIT);
                Person.pause(500);
                shell.resize(100, 30);
                // Two halves of a face that come in different frames of the recording.
                shell.send(
                        "clear; echo 漢字-é; printf '<\\360\\237'; sleep 2; printf '\\230\\200>\\n';"
                                + " stty size # ''played\r");
                shell.expect("30 100\r\n", LIMIT);
                Person.pause(500);
                shell.send("exit\r");
                shell.awaitExit(LIMIT);
            }
            session =
                    bastion.awaitAudit(rows -> !rows.isEmpty(), "commands", "--grep", "''played")
                            .getLast()
                            .get("session")
                            .asString();
            bastion.awaitAudit(
                    rows -> !rows.isEmpty() && !rows.getFirst().get("recording").isNull(),
                    "sessions",
                    "--session",
                    session);
            v2 = export(bastion, session, "asciicast");
            v3 = export(bastion, session, "asciicast-v3");
        }

        Shown played2 = played("v2", v2);
        Shown played3 = played("v3", v3);

        Screen end = played2.screens().getLast();
        assertThat(end.columns()).isEqualTo(100);
        assertThat(end.rows()).isEqualTo(30);
        assertThat(end.text())
                .startsWith("漢字-é\n<\ud83d\ude00>\n30 100\n$ exit")
                .doesNotContain("first-page", "\ufffd");
        assertThat(played3.screens().getLast()).isEqualTo(end);
        assertThat(played2.markers()).extracting(Marker::label).contains("echo first-page");
        assertThat(played3.markers())
                .usingRecursiveComparison()
                .withComparatorForType((a, b) -> Math.abs(a - b) < 0.001 ? 0 : 1, Double.class)
                .isEqualTo(played2.markers());
        assertThat(played2.duration()).isGreaterThan(3);
        // Version 3 also has the exit.
        assertThat(played3.duration())
                .isBetween(played2.duration() - 0.001, played2.duration() + 2);
        assertThat(played3.input()).isEqualTo(played2.input()).contains("echo first-page\r");
        for (Shown played : new Shown[] {played2, played3}) {
            assertThat(played.screens())
                    .anySatisfy(screen -> {
                        assertThat(screen.columns()).isEqualTo(80);
                        assertThat(screen.rows()).isEqualTo(24);
                        assertThat(screen.text()).contains("\nfirst-page\n");
                    });
        }
    }

    private static byte[] export(RunningBastion bastion, String session, String format) {
        SshClient.Result result =
                bastion.run("audrey", "audit export " + session + " --format " + format);
        assertThat(result.exitStatus()).as("%s", result).isZero();
        return result.stdout();
    }

    private Shown played(String name, byte[] cast) throws IOException, InterruptedException {
        Shown shown = AsciinemaPlayer.play(Files.createDirectory(folder.resolve(name)), cast);
        assertThat(shown.error()).isEmpty();
        return shown;
    }
}
