package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Straight to a target by the address, with OpenSSH's client; as without the bastion. */
@TestInstance(Lifecycle.PER_CLASS)
final class DirectSessionIT {

    private final RunningBastion bastion;
    private final Path folder;

    DirectSessionIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        String address = bastion.web1().address() + ":" + bastion.web1().port();
        bastion.addHost("twin", address, bastion.web1().hostKey().fingerprint());
        for (String account : List.of(bastion.login(), "other")) {
            bastion.addKeyAccount("twin", account, bastion.web1().userKeys());
            bastion.grant("twin", account);
        }
        bastion.addKeyAccount("twin", "concealed", bastion.web1().userKeys());
        bastion.addHost("secret", address, bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount("secret", bastion.login(), bastion.web1().userKeys());
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exit 0",
                "exit 1",
                "exit 126",
                "no-such-command-at-all",
                "exit 255",
                "kill -KILL $$",
                "kill -TERM $$",
                "echo out; echo err >&2; exit 7"
            })
    void endsAsTheHostItselfWouldEndIt(String command) {
        SshClient.Result direct = direct(command);
        SshClient.Result through = bastion.run("alice+web1", command);

        assertThat(through.exitStatus()).isEqualTo(direct.exitStatus());
        assertThat(through.text()).isEqualTo(direct.text());
        assertThat(through.stderr()).isEqualTo(direct.stderr());
    }

    @Test
    void reachesTheHostThatIsNamed() {
        assertThat(bastion.run("alice+web1", "echo $RIG_HOST").text()).isEqualTo("web1\n");
        assertThat(bastion.run("alice+web2", "echo $RIG_HOST").text()).isEqualTo("web2\n");
    }

    @Test
    void carriesBinaryInputAndOutputBitForBit() {
        byte[] bytes = new byte[1 << 20];
        new Random(3).nextBytes(bytes);

        SshClient.Result result = SshClient.run(bastion.ssh("alice+web1", "cat"), bytes, LIMIT);

        assertThat(result.exitStatus()).isZero();
        assertThat(result.stdout()).isEqualTo(bytes);
    }

    @Test
    void carriesBothOutputsAtOnceBitForBit() throws IOException {
        byte[] bytes = new byte[5_000_001];
        new Random(5).nextBytes(bytes);
        Path out = Files.write(folder.resolve("out"), bytes);
        new Random(6).nextBytes(bytes);
        Path err = Files.write(folder.resolve("err"), bytes);
        Path gotOut = folder.resolve("got-out");
        Path gotErr = folder.resolve("got-err");
        String redirected = "ssh \"$@\" > %s 2> %s".formatted(gotOut, gotErr);
        List<String> words = new ArrayList<>(List.of("-c", redirected, "sh"));
        words.addAll(
                bastion.ssh("alice+web1", "cat %s >&2 & cat %s; wait; exit 3".formatted(err, out)));

        SshClient.Result result = SshClient.runProgram("sh", words, new byte[0], LIMIT);

        assertThat(result.exitStatus()).isEqualTo(3);
        assertThat(gotOut).hasSameBinaryContentAs(out);
        assertThat(gotErr).hasSameBinaryContentAs(err);
    }

    @Test
    void goesOnWithOutputAfterTheEndOfInput() {
        SshClient.Result result =
                SshClient.run(bastion.ssh("alice+web1", "cat; echo done"), utf8("typed\n"), LIMIT);

        assertThat(result.text()).isEqualTo("typed\ndone\n");
    }

    @Test
    void endsAWriterWhoseReaderHasLeft() {
        SshClient.Result result = bastion.run("alice+web1", "yes | head -1");

        assertThat(result.exitStatus()).isZero();
        assertThat(result.text()).isEqualTo("y\n");
    }

    @Test
    void feedsAShellWithoutATerminal() {
        SshClient.Result result =
                SshClient.run(
                        bastion.ssh("alice+web1"), utf8("echo sum=$((40+2))\nexit 5\n"), LIMIT);

        assertThat(result.text()).contains("sum=42\n");
        assertThat(result.exitStatus()).isEqualTo(5);
    }

    @Test
    void givesACommandATerminalWhenAsked() {
        try (PtySshClient client =
                PtySshClient.start(inTerminal("alice+web1", "tty; stty size; exit 4"))) {
            client.expect("/dev/pts/\\d+\r\n24 80\r\n", LIMIT);
            assertThat(client.awaitExit(LIMIT)).isEqualTo(4);
        }
        assertThat(bastion.run("alice+web1", "tty").text()).isEqualTo("not a tty\n");
    }

    @Test
    void passesTheLanguageAndNoOtherVariable() {
        List<String> arguments =
                new ArrayList<>(List.of("-o", "SetEnv=LANG=xx_YY RIG_OTHER=let-in"));
        arguments.addAll(bastion.ssh("alice+web1", "echo \"$LANG|$RIG_OTHER|\""));

        assertThat(SshClient.run(arguments, LIMIT).text()).isEqualTo("xx_YY||\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice:web2", "alice%web2", "alice+LOGIN@web2", "alice:LOGIN@web2"})
    void takesEveryFormOfAnAddress(String address) {
        String full = address.replace("LOGIN", bastion.login());

        assertThat(bastion.run(full, "echo $RIG_HOST").text()).isEqualTo("web2\n");
    }

    @Test
    void saysTheSameOfAnUnknownHostAndOfOneThatIsNotGranted() {
        SshClient.Result unknown = bastion.run("alice+absent", "true");
        SshClient.Result notGranted = bastion.run("alice+secret", "true");

        assertThat(unknown.exitStatus()).isEqualTo(255);
        assertThat(notGranted.exitStatus()).isEqualTo(255);
        assertThat(notGranted.text()).isEmpty();
        assertThat(unknown.stderr())
                .isEqualTo("bastion: there is no absent that you may reach with this\n");
        assertThat(notGranted.stderr()).isEqualTo(unknown.stderr().replace("absent", "secret"));
        assertThat(bastion.awaitRefusal(refused -> refused.target().equals("absent")).user())
                .isEqualTo("alice");
        bastion.awaitRefusal(refused -> refused.target().equals("secret"));
    }

    @Test
    void listsTheAccountsWhereThereAreSeveral() {
        SshClient.Result ambiguous = bastion.run("alice+twin", "true");

        assertThat(ambiguous.exitStatus()).isEqualTo(255);
        assertThat(ambiguous.stderr())
                .contains("account", bastion.login(), "other")
                .doesNotContain("concealed");
        assertThat(bastion.run("alice+concealed@twin", "true").stderr())
                .isEqualTo(
                        bastion.run("alice+absent@twin", "true")
                                .stderr()
                                .replace("absent", "concealed"));
        assertThat(bastion.run("alice+" + bastion.login() + "@twin", "echo in").text())
                .isEqualTo("in\n");
    }

    @Test
    void printsWhatMayBeReachedWhereThereIsNoTerminal() {
        SshClient.Result result = bastion.run("alice");

        assertThat(result.exitStatus()).isZero();
        assertThat(result.text())
                .contains("web1", "web2", "build", "twin")
                .doesNotContain("secret", "concealed", "\u001b");
    }

    private SshClient.Result direct(String command) {
        List<String> arguments = new ArrayList<>(bastion.web1().sshArguments());
        arguments.add(command);
        return SshClient.run(arguments, LIMIT);
    }

    private List<String> inTerminal(String address, String command) {
        List<String> arguments = new ArrayList<>(List.of("-t"));
        arguments.addAll(bastion.ssh(address, command));
        return arguments;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
