package dev.bastion.server;

import static dev.bastion.server.BastionScene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the bastion asks a person at a terminal: over SSH, and on the machine itself with the
 * bastion running and stopped. Nothing of a secret is shown, and the terminal is afterwards as it
 * was.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class TerminalPromptIT {

    enum Way {
        SSH,
        RUNNING,
        STOPPED
    }

    private static final String PASSWORD = "typed-Dugong.4410";
    private static final String PASSPHRASE = "typed-Saiga.2291";

    private final Path folder;
    private final BastionScene scene;
    private int changesBefore;

    TerminalPromptIT(@TempDir Path folder) {
        this.folder = folder;
        this.scene = BastionScene.start(folder);
    }

    @BeforeEach
    void countChanges() {
        changesBefore = 0;
        changesBefore = changes().size();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource
    void passwordIsNotEchoed(Way way) {
        try (PtySshClient client = terminal(way, "user password set alice")) {
            client.expect("New password for alice: ", LIMIT);
            client.send(PASSWORD + "\r");
            leavesAsBefore(client, 0);
            assertThat(client.transcript()).doesNotContain(PASSWORD);
        }
        assertThat(changes()).singleElement().asString().contains("user password set");
        assertThat(logIn(PASSWORD)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void interruptedPasswordIsNotSet(Way way) {
        try (PtySshClient client = terminal(way, "user password set alice")) {
            client.expect("New password for alice: ", LIMIT);
            client.send(PASSWORD + "\u0003");
            leavesAsBefore(client, way == Way.SSH ? 1 : 130);
            assertThat(client.transcript()).doesNotContain(PASSWORD);
        }
        assertThat(changes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void privateKeyAndPassphraseAreNotEchoed(Way way) {
        Keys key = Keys.generate(folder, "locked" + way, "ed25519", PASSPHRASE);
        try (PtySshClient client =
                terminal(way, "account add web1 locked-" + way + " --key-stdin")) {
            client.expect("Private key.*: ", LIMIT);
            client.send(key.privateText().replace('\n', '\r'));
            client.expect("assphrase.*: ", LIMIT);
            client.send(PASSPHRASE + "\r");
            leavesAsBefore(client, 0);
            assertThat(client.transcript()).doesNotContain(PASSPHRASE);
            assertThat(key.privateText().lines()).noneMatch(client.transcript()::contains);
        }
        assertThat(changes()).singleElement().asString().contains("account add", "locked-" + way);
    }

    @ParameterizedTest
    @EnumSource
    void interruptedKeyIsNotStored(Way way) {
        String whole = scene.host.userKeys().privateText().strip().replace('\n', '\r');
        try (PtySshClient client = terminal(way, "account add web1 half --key-stdin")) {
            client.expect("Private key.*: ", LIMIT);
            client.send(whole);
            client.send("\u0003");
            leavesAsBefore(client, way == Way.SSH ? 1 : 130);
        }
        assertThat(changes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void trustIsAskedFor(Way way) {
        try (PtySshClient client = terminal(way, "host key trust web1")) {
            client.expect("Trust it\\? \\[yes/no\\] ", LIMIT);
            client.send("no\r");
            client.expect("not trusted; nothing was changed", LIMIT);
            leavesAsBefore(client, 1);
        }
        try (PtySshClient client = terminal(way, "host key trust web1")) {
            client.expect("Trust it\\? \\[yes/no\\] ", LIMIT);
            client.send("yes\r");
            client.expect("trusted: ssh-ed25519", LIMIT);
            leavesAsBefore(client, 0);
        }
    }

    @Test
    void inputThatIsNoTerminalIsReadWithoutAQuestion() {
        SshClient.Result set =
                BastionProcess.runWith(
                        (PASSWORD + "\n").getBytes(StandardCharsets.UTF_8),
                        local("user password set alice"));
        assertThat(set.exitStatus()).as("%s", set).isZero();
        assertThat(set.stderr()).isEmpty();
        assertThat(logIn(PASSWORD)).isZero();

        SshClient.Result trust = BastionProcess.run(local("host key trust web1"));
        assertThat(trust.exitStatus()).isEqualTo(2);
        assertThat(trust.stderr()).contains("there is no terminal to ask at");
    }

    /** In a shell that says how the command ended and what the terminal is like then. */
    private PtySshClient terminal(Way way, String command) {
        if (way == Way.STOPPED && scene.bastion().isAlive()) {
            scene.bastion().terminate(LIMIT);
        }
        List<String> words = new ArrayList<>();
        words.addAll(List.of("sh", "-c", "trap : INT; \"$@\"; echo status=$?; stty -a", "sh"));
        if (way == Way.SSH) {
            words.addAll(List.of("ssh", "-t"));
            words.addAll(scene.administrator(command));
        } else {
            words.addAll(BastionProcess.command(local(command)));
        }
        return PtySshClient.startProgram(words);
    }

    private String[] local(String command) {
        List<String> words = new ArrayList<>(List.of("admin", "--data", scene.data.toString()));
        words.addAll(List.of(command.split(" ", -1)));
        return words.toArray(String[]::new);
    }

    private static void leavesAsBefore(PtySshClient client, int status) {
        client.expect("status=" + status + "\r\n", LIMIT);
        assertThat(client.awaitExit(LIMIT)).isZero();
        String settings = client.transcript();
        assertThat(settings).as("nothing is asked of the terminal").doesNotContain("\u001b");
        assertThat(settings.substring(settings.indexOf("status=")).split("\\s+", -1))
                .contains("icrnl", "isig", "icanon", "iexten", "echo");
    }

    /** What was changed at the terminal; the bastion runs afterwards. */
    private List<String> changes() {
        if (!scene.bastion().isAlive()) {
            scene.serve();
        }
        return scene.audit("changes --format csv").lines().skip(changesBefore).toList();
    }

    private int logIn(String password) {
        List<String> arguments = new ArrayList<>(List.of("-o", "BatchMode=no"));
        arguments.addAll(List.of("-o", "PreferredAuthentications=password"));
        arguments.addAll(BastionScene.with(scene.alice("alice"), "hosts"));
        try (PtySshClient client = PtySshClient.start(arguments)) {
            client.expect("assword:", LIMIT);
            client.send(password + "\r");
            return client.awaitExit(LIMIT);
        }
    }
}
