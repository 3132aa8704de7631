package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord;
import dev.bastion.server.rig.Programs;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What a terminal showed can be exported, replayed, and watched while it is shown. */
@TestInstance(Lifecycle.PER_CLASS)
final class RecordingIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROMPT = "[#$] ";

    private final RunningBastion bastion;
    private final Path folder;

    RecordingIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    /** A plain bash on web1 at its prompt. */
    private PtySshClient shell() {
        PtySshClient shell = bastion.terminal("alice+web1");
        shell.expect(PROMPT, LIMIT);
        shell.send("PS1='$ ' exec bash --norc --noprofile\r");
        shell.expect("noprofile\r\n.*\\$ ", LIMIT);
        return shell;
    }

    private static void leave(PtySshClient shell) {
        shell.send("exit\r");
        shell.awaitExit(LIMIT);
    }

    /** The newest session whose command, or whose output, has this. */
    private String sessionOf(String command) {
        return bastion.awaitAudit(rows -> !rows.isEmpty(), "commands", "--grep", command)
                .getLast()
                .get("session")
                .asString();
    }

    private JsonNode awaitRecorded(String session) {
        return bastion.awaitAudit(
                        rows -> !rows.isEmpty() && !rows.getFirst().get("recording").isNull(),
                        "sessions",
                        "--session",
                        session)
                .getFirst();
    }

    private SshClient.Result export(String session, String format) {
        SshClient.Result result =
                bastion.run("audrey", "audit export " + session + " --format " + format);
        assertThat(result.exitStatus()).as("%s", result).isZero();
        assertThat(result.stderr()).isEmpty();
        return result;
    }

    private static List<JsonNode> lines(SshClient.Result result) {
        return result.text().lines().map(JSON::readTree).toList();
    }

    private static String data(List<JsonNode> cast, String code) {
        StringBuilder all = new StringBuilder();
        for (JsonNode event : cast.subList(1, cast.size())) {
            if (event.get(1).asString().equals(code)) {
                all.append(event.get(2).asString());
            }
        }
        return all.toString();
    }

    @Test
    void aShellIsExportedWithOutputSizesAndCommands() throws IOException, InterruptedException {
        byte[] shown;
        try (PtySshClient shell = shell()) {
            assertThat(shell.transcript()).startsWith("\r\nbastion: this session is recorded\r\n");
            shell.send("echo wi''de-漢字-\u00e9\r");
            shell.expect("wide-漢字-\u00e9\r\n", LIMIT);
            shell.resize(100, 30);
            shell.send("stty si''ze # ''exported\r");
            shell.expect("30 100\r\n", LIMIT);
            leave(shell);
            shown = shell.bytes();
        }
        String session = sessionOf("exported");
        assertThat(awaitRecorded(session).get("recording").asString())
                .isEqualTo(session + ".recording");

        SshClient.Result v2 = export(session, "asciicast");
        List<JsonNode> cast = lines(v2);
        assertThat(cast.getFirst().get("version").asInt()).isEqualTo(2);
        assertThat(cast.getFirst().get("width").asInt()).isEqualTo(80);
        String output = data(cast, "o");
        String notice = "\r\nbastion: this session is recorded\r\n";
        assertThat(notice + output)
                .isEqualTo(withoutClient(new String(shown, StandardCharsets.UTF_8)));
        assertThat(data(cast, "r")).isEqualTo("100x30");
        assertThat(data(cast, "m")).contains("echo wi''de-漢字-\u00e9", "stty si''ze # ''exported");
        List<Double> times =
                cast.subList(1, cast.size()).stream().map(e -> e.get(0).asDouble()).toList();
        assertThat(times).isSorted();

        Path file = folder.resolve("exported.cast");
        Files.write(file, v2.stdout());
        assertThat(asciinema(file)).isEqualTo(output);

        List<JsonNode> v3 = lines(export(session, "asciicast-v3"));
        assertThat(v3.getFirst().get("term").get("cols").asInt()).isEqualTo(80);
        assertThat(data(v3, "o")).isEqualTo(output);
        assertThat(data(v3, "x")).isEqualTo("0");

        String text = export(session, "text").text();
        assertThat(text)
                .contains("Z  wide-漢字-\u00e9\n", "Z  30 100\n", "[exit-status 0 exited]")
                .doesNotContain("\u001b", "\r");
    }

    /** What ssh itself says at the end is no output of the host. */
    private static String withoutClient(String shown) {
        int end = shown.indexOf("Connection to 127.0.0.1 closed.");
        return end < 0 ? shown : shown.substring(0, end);
    }

    /** What asciinema shows of a file. It wants a terminal to read keys from. */
    private static String asciinema(Path file) throws IOException, InterruptedException {
        Path shown = file.resolveSibling("shown");
        String command = "'%s' cat '%s' > '%s'".formatted(Programs.find("asciinema"), file, shown);
        Process process =
                new ProcessBuilder(Programs.find("script").toString(), "-qec", command, "/dev/null")
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readString(shown);
    }

    @Test
    void aCommandIsRecordedOnlyWithATerminal() {
        try (PtySshClient terminal = bastion.terminal("alice+web1", "-t", "echo with''-terminal")) {
            terminal.expect("with-terminal\r\n", LIMIT);
            terminal.awaitExit(LIMIT);
            assertThat(terminal.transcript()).doesNotContain("is recorded");
        }
        String session = sessionOf("with");
        awaitRecorded(session);
        assertThat(data(lines(export(session, "asciicast")), "o")).isEqualTo("with-terminal\r\n");

        SshClient.Result without = bastion.run("alice+web1", "echo none''corded");
        assertThat(without.text()).isEqualTo("nonecorded\n");
        assertThat(without.stderr()).isEmpty();
        String other = sessionOf("none");
        JsonNode row = bastion.audit("sessions", "--session", other).getFirst();
        assertThat(row.get("recording").isNull()).isTrue();
        SshClient.Result refused = bastion.run("audrey", "audit export " + other);
        assertThat(refused.exitStatus()).isEqualTo(1);
        assertThat(refused.stderr()).contains("has no recording");
    }

    @Test
    void whatIsNotShownIsNotInTheRecording() {
        String secret = "tulip-71-garden";
        try (PtySshClient shell = shell()) {
            shell.send("read -s -p 'Pass''word: ' X; echo g''ot # ''secret\r");
            shell.expect("Password: ", LIMIT);
            shell.send(secret + "\r");
            shell.expect("got", LIMIT);
            leave(shell);
        }
        String session = sessionOf("secret");
        awaitRecorded(session);
        String cast = export(session, "asciicast").text();
        assertThat(cast).contains("[not echoed: ").doesNotContain(secret);
        assertThat(export(session, "text").text()).doesNotContain(secret);
    }

    @Test
    void aRecordingIsReplayedAndNothingOfItReachesTheTerminalUndrawn() {
        try (PtySshClient shell = shell()) {
            // What this terminal answers is read, so that it is no command.
            shell.send(
                    "printf '\\033]52;c;ZXZpbA==\\007\\033]0;title\\007\\033[6n\\033[c';"
                            + " read -rs -t 1 -N 99 X; clear\r");
            shell.expect("\u001b\\[H", LIMIT);
            shell.send("echo fi''rst-one\r");
            shell.expect("first-one\r\n", LIMIT);
            // At the slowest speed that is long enough for the first picture.
            Person.pause(1000);
            shell.send("sleep 3; echo se''cond-one\r");
            shell.expect("second-one\r\n", LIMIT);
            leave(shell);
        }
        String session = sessionOf("cond-one");
        awaitRecorded(session);
        try (PtySshClient player =
                bastion.terminal("audrey", "-t", "audit play " + session + " --max-idle 1s")) {
            player.expectScreen("first-one", LIMIT);
            player.expectScreen("second-one", LIMIT);
            player.expectScreen("end 00:00:", LIMIT);
            player.send("p");
            player.send(" ");
            player.expectScreen("paused", LIMIT);
            player.send("g");
            player.expectScreen("paused 00:00:00", LIMIT);
            player.send("q");
            assertThat(player.awaitExit(LIMIT)).isZero();
            assertThat(player.transcript())
                    .contains("\u001b[?1049h", "\u001b[?1049l")
                    .doesNotContain("\u001b]", "\u001b[6n", "\u001b[c");
        }
        long seq =
                bastion.audit("commands", "--session", session, "--grep", "rst-one")
                        .getFirst()
                        .get("seq")
                        .asLong();
        try (PtySshClient player =
                bastion.terminal(
                        "audrey",
                        "-t",
                        "audit play " + session + " --speed 0.0625 --at-command " + seq)) {
            String screen = player.expectScreen("playing.*#" + seq + " echo", LIMIT);
            assertThat(screen).contains("echo fi''rst-one");
            player.send("q");
            assertThat(player.awaitExit(LIMIT)).isZero();
        }
        SshClient.Result refused = bastion.run("audrey", "audit play " + session);
        assertThat(refused.exitStatus()).isEqualTo(2);
        assertThat(refused.stderr()).contains("ssh -t", "'bastion admin' has not", "audit export");
        SshClient.Result operator = bastion.run("alice", "audit export " + session);
        assertThat(operator.exitStatus()).isEqualTo(1);
        assertThat(operator.text()).isEmpty();
    }

    @Test
    void aSessionIsWatchedFromItsPresentScreenOnAndCutOff() {
        try (PtySshClient shell = shell()) {
            shell.send("echo be''fore # ''watched\r");
            shell.expect("before\r\n", LIMIT);
            String session =
                    bastion.awaitAudit(rows -> !rows.isEmpty(), "commands", "--grep", "watched")
                            .getLast()
                            .get("session")
                            .asString();
            JsonNode live = sessions("--live", "--session", session).getFirst();
            assertThat(live.get("state").asString()).isEqualTo("live");
            assertThat(live.get("user").asString()).isEqualTo("alice");
            assertThat(live.get("idle").isNumber()).isTrue();
            assertThat(live.get("recording").asString()).isEqualTo(session + ".recording");
            List<PtySshClient> watchers = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    watchers.add(bastion.terminal("audrey", "-t", "sessions watch " + session));
                }
                for (PtySshClient watcher : watchers) {
                    watcher.expectScreen("before.*watching  alice: ", LIMIT);
                }
                shell.send("echo whi''le\r");
                for (PtySshClient watcher : watchers) {
                    watcher.expectScreen("^while *$", LIMIT);
                }
                watchers.getFirst().send("q");
                assertThat(watchers.getFirst().awaitExit(LIMIT)).isZero();

                SshClient.Result cut =
                        bastion.run(
                                "audrey",
                                "sessions cut " + session + " --reason 'not \033your day'");
                assertThat(cut.exitStatus()).as("%s", cut).isZero();
                shell.expect("bastion: audrey ended this session: not \\?your day", LIMIT);
                assertThat(shell.awaitExit(LIMIT)).isNotZero();
                for (PtySshClient watcher : watchers.subList(1, 3)) {
                    watcher.expect("the session has ended: cut", LIMIT);
                    assertThat(watcher.awaitExit(LIMIT)).isZero();
                }
            } finally {
                watchers.forEach(PtySshClient::close);
            }
            assertThat(awaitRecorded(session).get("reason").asString()).isEqualTo("cut");
            assertThat(bastion.records(AuditRecord.AuditConsulted.class))
                    .anyMatch(asked -> asked.query().equals("sessions watch " + session))
                    .anyMatch(asked -> asked.query().startsWith("sessions cut " + session));
            assertThat(sessions("--session", session).getFirst().get("state").asString())
                    .isEqualTo("ended");
        }
    }

    private List<JsonNode> sessions(String... words) {
        SshClient.Result result =
                bastion.run("audrey", "sessions list --format json " + String.join(" ", words));
        assertThat(result.exitStatus()).as("%s", result).isZero();
        return lines(result);
    }

    @Test
    void anOperatorMayNeitherWatchNorCut() {
        for (String command :
                List.of("sessions list", "sessions cut x --reason y", "audit export x")) {
            SshClient.Result refused = bastion.run("alice", command);
            assertThat(refused.exitStatus()).as(command).isEqualTo(1);
            assertThat(refused.stderr()).contains("only auditors and administrators");
        }
        SshClient.Result gone = bastion.run("audrey", "sessions cut nobody --reason why");
        assertThat(gone.exitStatus()).isEqualTo(1);
        assertThat(gone.stderr()).contains("is not under way");
        assertThat(bastion.run("audrey", "sessions cut nobody").exitStatus()).isEqualTo(2);
    }

    @Test
    void aCommandWithoutATerminalIsCutToo() {
        try (RunningSsh sleeping =
                RunningSsh.start(bastion.ssh("alice+web1", "echo up; exec sleep 600 # ''long"))) {
            String session =
                    bastion.awaitAudit(rows -> !rows.isEmpty(), "commands", "--grep", "long")
                            .getLast()
                            .get("session")
                            .asString();
            BastionScene.await(
                    "it is live", LIMIT, () -> !sessions("--live", "--session", session).isEmpty());
            assertThat(
                            bastion.run("audrey", "sessions cut " + session + " --reason enough")
                                    .exitStatus())
                    .isZero();
            assertThat(sleeping.awaitExit(LIMIT)).isEqualTo(255);
        }
    }
}
