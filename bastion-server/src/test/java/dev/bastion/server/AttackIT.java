package dev.bastion.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.identity.AttemptLimiter;
import dev.bastion.server.rig.PtySshClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes to a port that the world can reach. The honest path still works after each. */
final class AttackIT {

    private static final int SILENT_CONNECTIONS = 30;
    private static final String RIGHT = "right horse";

    /** Threat: connections that never log in use up what others need. */
    @Test
    void letsPeopleInBesideSilentConnections(@TempDir Path folder) throws IOException {
        List<Socket> silent = new ArrayList<>();
        try (BastionScene scene = BastionScene.start(folder)) {
            for (int i = 0; i < SILENT_CONNECTIONS; i++) {
                silent.add(connect(scene));
            }
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);
            for (Socket socket : silent) {
                assertThat(socket.getInputStream().read()).isEqualTo('S');
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** Threat: bytes that are not SSH break the server. */
    @Test
    void hangsUpOnGarbageAndServesOthers(@TempDir Path folder) throws IOException {
        byte[] garbage = new byte[64 * 1024];
        new Random(7).nextBytes(garbage);
        try (BastionScene scene = BastionScene.start(folder);
                Socket socket = connect(scene)) {
            socket.setSoTimeout((int) BastionScene.LIMIT.toMillis());
            try {
                socket.getOutputStream().write(garbage);
                InputStream in = socket.getInputStream();
                in.transferTo(java.io.OutputStream.nullOutputStream());
            } catch (SocketException e) {
                // Reset: hung up with our bytes unread.
            }
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);
            assertThat(scene.bastion().errors()).doesNotContain("\tat ");
        }
    }

    /** Threat: passwords are guessed. Even the right one is refused after too many wrong ones. */
    @Test
    void limitsWrongPasswordsThoughTheRightOneFollows(@TempDir Path folder) {
        try (BastionScene scene = BastionScene.start(folder)) {
            scene.admin("user password set alice", RIGHT + "\n");
            wrongTimes(scene, AttemptLimiter.PER_PAIR - 1);
            assertThat(guess(scene, "alice", RIGHT).exitStatus()).as("one before").isZero();
            wrongTimes(scene, AttemptLimiter.PER_PAIR);
            assertThat(guess(scene, "alice", RIGHT).exitStatus()).as("after").isEqualTo(255);

            String logins = scene.audit("logins --user alice --format json");
            assertThat(count(logins, "\"reason\":\"wrong password or user\""))
                    .isEqualTo(2 * AttemptLimiter.PER_PAIR - 1);
            assertThat(count(logins, "\"reason\":\"too many failed attempts\"")).isOne();
            assertThat(logins).doesNotContain("wrong 0", RIGHT);
        }
    }

    /** Threat: the answer tells which users there are. */
    @Test
    void answersAWrongAnUnknownAndADisabledUserAlike(@TempDir Path folder) {
        try (BastionScene scene = BastionScene.start(folder)) {
            scene.admin("user password set alice", RIGHT + "\n");
            scene.admin("user add carol --role operator --password-stdin", RIGHT + "\n");
            scene.admin("user disable carol");

            Answer wrong = guess(scene, "alice", "wrong");
            assertThat(wrong.exitStatus()).isEqualTo(255);
            assertThat(wrong.shown()).contains("NAME@127.0.0.1: Permission denied");
            assertThat(guess(scene, "nobody1", RIGHT)).isEqualTo(wrong);
            assertThat(guess(scene, "carol", RIGHT)).isEqualTo(wrong);
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);
        }
    }

    /** Threat: a user name steers the terminal, or breaks the record, of whoever reads the log. */
    @Test
    void refusesOddUserNamesAlikeAndShowsThemHarmless(@TempDir Path folder) throws IOException {
        byte[] invalid = {'i', 'n', 'v', (byte) 0xff, (byte) 0xc3, 'x'};
        List<byte[]> names =
                List.of(
                        "nobody1".getBytes(UTF_8),
                        "red\u001b[31m\u009b2J".getBytes(UTF_8),
                        "two\r\nlines".getBytes(UTF_8),
                        "nul\0end".getBytes(UTF_8),
                        "turned\u202egnp".getBytes(UTF_8),
                        "x".repeat(10_000).getBytes(UTF_8),
                        "".getBytes(UTF_8),
                        invalid);
        try (BastionScene scene = BastionScene.start(folder)) {
            List<String> answers = new ArrayList<>();
            for (byte[] name : names) {
                answers.add(RawLogin.refusal(scene.bastion().port(), name, "wrong"));
            }
            assertThat(answers).containsOnly(answers.getFirst());

            BastionScene.await(
                    "all attempts are in the audit log",
                    BastionScene.LIMIT,
                    () ->
                            count(scene.audit("logins --format json"), "\"method\":\"password\"")
                                    == names.size());
            String table = scene.audit("logins");
            assertThat(table)
                    .contains(
                            "red\\x1b[31m\\x9b2J",
                            "two\\r\\nlines",
                            "turned\\u202egnp",
                            "inv\ufffd")
                    .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\n]]");
            String json = scene.audit("logins --format json");
            assertThat(json)
                    .contains("red\\u001b[31m\\u009b2J", "two\\r\\nlines", "turned\\u202egnp")
                    .contains("\"user\":\"" + "x".repeat(256) + "\"")
                    .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\n]]");
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);
            assertThat(scene.bastion().errors()).doesNotContain("\tat ");
        }
    }

    /** What a person sees of one try, without the user's name. */
    private record Answer(int exitStatus, String shown) {}

    private static void wrongTimes(BastionScene scene, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(guess(scene, "alice", "wrong " + i).exitStatus()).isEqualTo(255);
        }
    }

    private static Answer guess(BastionScene scene, String user, String password) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-o",
                                "BatchMode=no",
                                "-o",
                                "PreferredAuthentications=password",
                                "-o",
                                "NumberOfPasswordPrompts=1"));
        arguments.addAll(BastionScene.with(scene.alice(user), "hosts"));
        try (PtySshClient client = PtySshClient.start(arguments)) {
            client.expect("assword:", BastionScene.LIMIT);
            client.send(password + "\r");
            int status = client.awaitExit(BastionScene.LIMIT);
            return new Answer(status, client.transcript().replace(user + "@", "NAME@"));
        }
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static Socket connect(BastionScene scene) throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), scene.bastion().port());
    }
}
