package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Clients that do what no person means to: nothing breaks, nothing is lost, nothing is left. */
@TestInstance(Lifecycle.PER_CLASS)
final class BadInputIT {

    private static final int PASTE_BYTES = 10 << 20;
    private static final int RESIZES = 1000;

    private final Path folder;
    private final BastionScene scene;

    BadInputIT(@TempDir Path folder) {
        this.folder = folder;
        this.scene = BastionScene.start(folder);
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void givesAShellTheSizeThatItsTerminalHasHoweverOdd() {
        assertThat(sizeSeen(0, 0)).contains("size=0 0.");
        assertThat(sizeSeen(10_000, 10_000)).contains("size=10000 10000.");
    }

    @Test
    void paintsTheMenuAtAnySize() {
        try (PtySshClient client = PtySshClient.start(scene.alice("alice"))) {
            client.expect("web1", LIMIT);
            for (int[] size : new int[][] {{10_000, 10}, {10, 10_000}, {1, 1}, {10_000, 2}}) {
                client.resize(size[0], size[1]);
            }
            client.resize(80, 24);
            client.expectScreen("web1", LIMIT);
            client.send("web1\r");
            client.expect(BastionScene.PROMPT, LIMIT);
            client.send("echo he''re\r");
            client.expect("here", LIMIT);
        }
    }

    @Test
    void carriesAPasteOfTenMegabytesIntoAShellWhole() throws IOException {
        String line = "0123456789".repeat(50) + "\n";
        String text = line.repeat(PASTE_BYTES / line.length());
        Path file = folder.resolve("pasted");
        List<String> arguments = new ArrayList<>(List.of("-tt"));
        arguments.addAll(BastionScene.with(scene.alice("alice+web1"), "cat > " + file));

        SshClient.Result result =
                SshClient.run(
                        arguments,
                        (text + "\u0004").getBytes(StandardCharsets.UTF_8),
                        Duration.ofMinutes(2));

        assertThat(result.exitStatus()).isZero();
        assertThat(Files.readString(file).equals(text)).as("all of it arrived").isTrue();
        assertThat(scene.bastion().isAlive()).isTrue();
    }

    @Test
    void takesAThousandResizesAndEndsAtTheLast() {
        try (PtySshClient shell = scene.shell()) {
            for (int i = 0; i < RESIZES; i++) {
                shell.resize(20 + i % 100, 10 + i % 50);
            }
            shell.resize(101, 31);
            BastionScene.await(
                    "the host has the last size",
                    LIMIT,
                    () -> {
                        shell.send("stty size; echo do''ne\r");
                        return shell.expect("([0-9]+ [0-9]+)\r\n.*?done", LIMIT)
                                .group(1)
                                .equals("31 101");
                    });
        }
    }

    @Test
    void endsTheHostsProcessesWhenTheClientVanishes() throws IOException {
        Path pid = folder.resolve("pid");
        try (PtySshClient shell = scene.shell()) {
            shell.send("echo $$ > " + pid + "; echo writ''ten\r");
            shell.expect("written", LIMIT);
        }
        long process = Long.parseLong(Files.readString(pid).strip());
        BastionScene.await(
                "the host's shell is gone",
                LIMIT,
                () -> !ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false));
        String session =
                scene.audit("commands --format json --grep " + pid.getFileName() + "; ")
                        .replaceAll("(?s).*\"session\":\"([^\"]+)\".*", "$1");
        BastionScene.await(
                "the end of the session is in the audit log",
                LIMIT,
                () ->
                        scene.audit("show " + session + " --format json")
                                .contains("\"reason\":\"closed-by-client\""));
    }

    private static final Duration LIMIT = BastionScene.LIMIT;

    /** What a host says of a terminal of this size; {@code script} gives ssh the terminal. */
    private String sizeSeen(int columns, int rows) {
        List<String> ssh = new ArrayList<>(List.of("ssh", "-t"));
        ssh.addAll(BastionScene.with(scene.alice("alice+web1"), "echo size=\\$(stty size)."));
        StringBuilder command =
                new StringBuilder("stty rows " + rows + " cols " + columns + "; exec");
        ssh.forEach(word -> command.append(" \"").append(word).append('"'));
        return SshClient.runProgram(
                        "script",
                        List.of("-qec", command.toString(), "/dev/null"),
                        new byte[0],
                        LIMIT)
                .text();
    }
}
