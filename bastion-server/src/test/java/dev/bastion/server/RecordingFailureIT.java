package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threat: the bastion dies, or the disk takes no more, and what an operator was shown is not in the
 * recording.
 */
final class RecordingFailureIT {

    /** No file may be larger: much more than the ledger has by then. */
    private static final String LIMITED_BYTES = Integer.toString(1 << 20);

    @Test
    void whatWasShownASecondBeforeAKillCanBeReplayed(@TempDir Path folder)
            throws InterruptedException {
        try (BastionScene scene = BastionScene.start(folder)) {
            try (PtySshClient shell = scene.shell()) {
                shell.send("echo ki''lled\r");
                shell.expect("killed\r\n", BastionScene.LIMIT);
                Thread.sleep(2_500);
                scene.bastion().kill();
            }
            scene.serve();
            String session = onlySession(scene.data.resolve("recordings"));
            BastionScene.await(
                    "its hash is in the ledger",
                    BastionScene.LIMIT,
                    () -> scene.audit("sessions --format json").contains("\"recording\":\""));
            SshClient.Result text = scene.tryAudit("export " + session + " --format text");
            assertThat(text.exitStatus()).as("%s", text).isZero();
            assertThat(text.text()).contains("Z  killed\n");
            assertThat(text.stderr()).contains("the recording ends early");
            assertThat(closed(scene))
                    .singleElement()
                    .satisfies(recording -> {
                        assertThat(recording.complete()).isFalse();
                        assertThat(recording.file()).isEqualTo(session + ".recording");
                        assertThat(recording.context().user()).isEqualTo("alice");
                    });
            assertThat(scene.data.resolve("recordings")).isDirectoryNotContaining("glob:**.open");
            SshClient.Result sessions =
                    SshClient.run(
                            scene.administrator("sessions list --format json"), BastionScene.LIMIT);
            assertThat(sessions.text()).contains("\"state\":\"lost\"");
        }
    }

    /** Its host answers nothing any more, so that nobody can say what the line was. */
    @Test
    void aLineThatAKillLeftUndecidedCanBeGoneToInTheRecording(@TempDir Path folder)
            throws Exception {
        try (BastionScene scene = BastionScene.start(folder)) {
            String sshd;
            String session;
            try (PtySshClient shell = scene.shell()) {
                shell.send("echo pid=$PPID=\r");
                sshd = shell.expect("pid=([0-9]+)=", BastionScene.LIMIT).group(1);
                shell.send("echo un''decided");
                shell.expect("un''decided", BastionScene.LIMIT);
                session = onlySession(scene.data.resolve("recordings"));
                String export = "export " + session + " --format text";
                BastionScene.await(
                        "what was shown is recorded",
                        BastionScene.LIMIT,
                        () -> scene.tryAudit(export).text().contains("un''decided"));
                signal("STOP", sshd);
                shell.send("\r");
                BastionScene.await(
                        "it is entered", BastionScene.LIMIT, () -> isEntered(scene, "undecided"));
                scene.bastion().kill();
            }
            signal("KILL", sshd);
            scene.serve();
            Pattern decided =
                    Pattern.compile(
                            "\"seq\":([0-9]+),.*decided.*\"line\":\"command\".*\"at\":[1-9]");
            Matcher[] line = new Matcher[1];
            BastionScene.await(
                    "it is decided",
                    BastionScene.LIMIT,
                    () -> {
                        line[0] =
                                decided.matcher(
                                        scene.audit("commands --format json --text decided"));
                        return line[0].find();
                    });
            List<String> play =
                    scene.auditor("play " + session + " --at-command " + line[0].group(1));
            play.addFirst("-t");
            try (PtySshClient player = PtySshClient.start(play, 80, 24, Map.of())) {
                String screen =
                        player.expectScreen("no end.*#" + line[0].group(1), BastionScene.LIMIT);
                assertThat(screen).contains("# echo un''decided");
                player.send("q");
            }
        }
    }

    private static void signal(String name, String process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, process).start().waitFor()).isZero();
    }

    private static boolean isEntered(BastionScene scene, String text) {
        return read(scene, AuditRecord.LineEntered.class).stream()
                .anyMatch(line -> line.command().replace("'", "").contains(text));
    }

    private static String onlySession(Path recordings) {
        List<String> names = BastionScene.names(recordings);
        return names.stream()
                .filter(name -> name.endsWith(".recording"))
                .map(name -> name.replace(".recording", ""))
                .reduce((one, other) -> {
                    throw new AssertionError("more than one: " + names);
                })
                .orElseThrow();
    }

    private static List<AuditRecord.RecordingClosed> closed(BastionScene scene) {
        return read(scene, AuditRecord.RecordingClosed.class);
    }

    /** What the ledger has of one kind; while it is written its end may be torn. */
    private static <T extends AuditRecord> List<T> read(BastionScene scene, Class<T> kind) {
        return Awaitility.await()
                .atMost(BastionScene.LIMIT)
                .pollDelay(Duration.ZERO)
                .ignoreException(AuditLogException.class)
                .until(() -> readOnce(scene, kind), found -> true);
    }

    private static <T extends AuditRecord> List<T> readOnce(BastionScene scene, Class<T> kind) {
        List<T> found = new ArrayList<>();
        try (LedgerReader reader =
                LedgerReader.open(scene.data.resolve("ledger"), new SequenceNumber(1))) {
            for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                if (kind.isInstance(entry.get().record())) {
                    found.add(kind.cast(entry.get().record()));
                }
            }
        }
        return found;
    }

    @Test
    void aShellIsHeldUntilItsRecordingCanBeWrittenAndNothingIsMissing(@TempDir Path folder)
            throws IOException {
        Path noise = noise(folder);
        try (BastionScene scene = BastionScene.start(folder);
                PtySshClient shell = scene.shell()) {
            scene.bastion().limitFiles(LIMITED_BYTES);
            shell.send("cat " + noise + "; echo do''ne\r");
            shell.expect("the recording of this session cannot be written", BastionScene.LIMIT);

            try (PtySshClient refused =
                    PtySshClient.start(scene.alice("alice+web1"), 80, 24, Map.of())) {
                refused.expect("the session cannot be recorded", BastionScene.LIMIT);
                assertThat(refused.awaitExit(BastionScene.LIMIT)).isEqualTo(255);
            }
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);

            scene.bastion().limitFiles("unlimited");
            shell.expect("the recording of this session is written again", BastionScene.LIMIT);
            shell.expect("done\r\n", BastionScene.LIMIT);
            shell.send("exit\r");
            shell.awaitExit(BastionScene.LIMIT);
            String session = onlySession(scene.data.resolve("recordings"));
            BastionScene.await("it is closed", BastionScene.LIMIT, () -> !closed(scene).isEmpty());
            assertThat(closed(scene).getFirst().complete()).isTrue();
            String cast = scene.audit("export " + session);
            assertThat(output(cast)).contains(Files.readString(noise).replace("\n", "\r\n"));
        }
    }

    @Test
    void endsShellsThatWereHeldTooLongAndSaysSo(@TempDir Path folder) throws IOException {
        Path noise = noise(folder);
        Path config = Files.writeString(folder.resolve("config.yaml"), "ledgerHoldSeconds: 2\n");
        try (BastionScene scene = BastionScene.start(folder, "--config", config.toString());
                PtySshClient shell = scene.shell()) {
            scene.bastion().limitFiles(LIMITED_BYTES);
            shell.send("cat " + noise + "\r");
            shell.expect("the recording could not be written for too long", BastionScene.LIMIT);
            assertThat(shell.awaitExit(Duration.ofSeconds(10))).isNotZero();
            scene.bastion().limitFiles("unlimited");
            BastionScene.await(
                    "the recording is closed",
                    BastionScene.LIMIT,
                    () ->
                            scene.tryAudit("sessions --format json")
                                    .text()
                                    .contains(
                                            "\"reason\":\"recording\",\"exit\":null,\"recording\":\""));
            try (PtySshClient again = scene.shell()) {
                again.send("exit\r");
                again.awaitExit(BastionScene.LIMIT);
            }
        }
    }

    /** Text that cannot be made much shorter. */
    private static Path noise(Path folder) throws IOException {
        byte[] random = new byte[3 << 20];
        new java.util.Random(7).nextBytes(random);
        return Files.writeString(
                folder.resolve("noise"),
                java.util.Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(random)
                        + "\n");
    }

    private static final Pattern OUTPUT = Pattern.compile("\\[[0-9.]+, \"o\", \"(.*)\"\\]");

    /** The output events of an asciicast whose text has only a few escapes. */
    private static String output(String cast) {
        StringBuilder all = new StringBuilder();
        cast.lines()
                .forEach(line -> {
                    Matcher event = OUTPUT.matcher(line);
                    if (event.matches()) {
                        all.append(
                                event.group(1)
                                        .replace("\\r", "\r")
                                        .replace("\\n", "\n")
                                        .replace("\\u001b", "\u001b"));
                    }
                });
        return all.toString();
    }
}
