package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The menu and the hosts picked from it, with OpenSSH's client in a real terminal. */
@TestInstance(Lifecycle.PER_CLASS)
final class MenuSessionIT {

    /** Keys typed while a full-screen program quits are dropped by it. */
    private static final String PROMPT_LAST = "[#$]\\s*\\z";

    private static final String ASK_HOST = "echo on=$RIG_HOST=\r";

    private final RunningBastion bastion;

    MenuSessionIT(@TempDir Path folder) {
        bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void showsTheHostsAndLeavesWithEscape() {
        try (PtySshClient client = bastion.terminal("alice")) {
            String screen = client.expectScreen("web1.*Enter", LIMIT);
            assertThat(screen).contains("build", "web1", "web2", "the host web1", "3 of 3");
            client.send("\u001b");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void reachesTheHostThatTheFilterFinds() {
        try (PtySshClient client = bastion.terminal("alice")) {
            client.expectScreen("3 of 3", LIMIT);
            client.send("web2");
            String screen = client.expectScreen("> web2.*1 of 3|1 of 3.*> web2", LIMIT);
            assertThat(screen).doesNotContain("the host web1");
            client.send("\r");
            client.send(ASK_HOST);
            client.expect("on=web2=", LIMIT);
            leave(client, 0);
        }
    }

    @Test
    void showsTheMenuAgainAfterTheHostSessionEnds() {
        try (PtySshClient client = bastion.terminal("alice")) {
            pick(client, "web1");
            client.send(ASK_HOST);
            client.expect("on=web1=", LIMIT);
            client.send("exit 3\r");
            client.expectScreen(
                    "web1: session ended with exit status 3.*3 of 3|3 of 3.*web1: session ended with exit status 3",
                    LIMIT);
            client.send("web2\r");
            client.send(ASK_HOST);
            client.expect("on=web2=", LIMIT);
            leave(client, 0);
        }
    }

    @Test
    void tellsTheHostOfTheSizeAndItsChange() {
        try (PtySshClient client = bastion.terminal("alice")) {
            pick(client, "web1");
            client.send("stty size\r");
            client.expect("[\r\n]24 80\r", LIMIT);
            client.resize(101, 31);
            client.send("stty size\r");
            client.expect("[\r\n]31 101\r", LIMIT);
            client.send("exit\r");
            client.expectScreen("3 of 3", LIMIT);
            client.resize(60, 20);
            client.expectScreen("(?s)\\A[^\\n]{60}\\n", LIMIT);
            pick(client, "web1");
            client.send("stty size\r");
            client.expect("[\r\n]20 60\r", LIMIT);
            leave(client, 0);
        }
    }

    @Test
    void keepsWhatIsTypedBeforeTheMenuIsPainted() {
        try (PtySshClient client = bastion.terminal("alice")) {
            client.send("web2\r");
            client.send(ASK_HOST);
            client.expect("on=web2=", LIMIT);
            leave(client, 0);
        }
    }

    @Test
    void givesTheHostAllThatWasTypedRightAfterEnter() {
        try (PtySshClient client = bastion.terminal("alice")) {
            client.expectScreen("3 of 3", LIMIT);
            StringBuilder typed = new StringBuilder("web1\r");
            StringBuilder wanted = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                typed.append("echo n$((").append(i).append("+1000))\r");
                wanted.append("[\r\n]n").append(i + 1000).append("\r.*?");
            }
            client.send(typed.toString());
            client.expect(wanted.toString(), LIMIT);
            leave(client, 0);
        }
    }

    @Test
    void reachesAHostWithAStoredPassword() {
        try (PtySshClient client = bastion.terminal("alice")) {
            pick(client, "build");
            client.send("echo in=$((6*7))=\r");
            client.expect("in=42=", LIMIT);
            leave(client, 0);
        }
    }

    @Test
    void servesTwoClientsOnTwoHostsAtOnce() {
        try (PtySshClient first = bastion.terminal("alice");
                PtySshClient second = bastion.terminal("alice")) {
            pick(first, "web1");
            pick(second, "web2");
            first.send(ASK_HOST);
            second.send(ASK_HOST);
            first.expect("on=web1=", LIMIT);
            second.expect("on=web2=", LIMIT);
            assertThat(bastion.liveSessions()).isGreaterThanOrEqualTo(2);
            leave(first, 0);
            second.send(ASK_HOST);
            second.expect("on=web2=", LIMIT);
            leave(second, 0);
        }
    }

    @Test
    void givesADumbTerminalANumberedList() {
        try (PtySshClient client =
                PtySshClient.start(bastion.ssh("alice"), 80, 24, Map.of("TERM", "dumb"))) {
            String list = client.expect("1  .*?2  .*?3  .*?to leave: ", LIMIT).group();
            assertThat(list).contains("build", "web1", "web2").doesNotContain("\u001b");
            client.send("web2\r");
            client.expect("1  .*?web2.*?to leave: ", LIMIT);
            client.send("1\r");
            client.send(ASK_HOST);
            client.expect("on=web2=", LIMIT);
            client.send("exit\r");
            client.expect("session ended.*?to leave: ", LIMIT);
            client.send("\u0004");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void runsFullScreenPrograms(@TempDir Path folder) throws java.io.IOException {
        Path file = folder.resolve("written.txt");
        try (PtySshClient client = bastion.terminal("alice")) {
            pick(client, "web1");
            client.send("vim -u NONE -N " + file + "\r");
            client.expectScreen("~ *\n~ *\n", LIMIT);
            client.send("ihello from vim\u001b");
            client.expectScreen("\\Ahello from vim", LIMIT);
            client.send(":wq\r");
            client.expectScreen(PROMPT_LAST, LIMIT);
            client.send("seq 500 | less\r");
            client.expectScreen("\\A1 *\n2 *\n.*\n23 *\n:", LIMIT);
            client.send("G");
            client.expectScreen("500 *\n\\(END\\)", LIMIT);
            client.send("q");
            client.expectScreen(PROMPT_LAST, LIMIT);
            client.send("top\r");
            client.expectScreen("load average.*PID", LIMIT);
            client.send("q");
            client.expectScreen(PROMPT_LAST, LIMIT);
            client.send("echo al''ive\r");
            client.expect("[\r\n]alive\r", LIMIT);
            leave(client, 0);
        }
        assertThat(file).hasContent("hello from vim");
    }

    /** From the menu into a shell. */
    private static void pick(PtySshClient client, String host) {
        client.expectScreen("3 of 3", LIMIT);
        client.send(host + "\r");
        client.send("echo rea''dy\r");
        client.expect("[\r\n]ready\r", LIMIT);
    }

    /** From a shell to the menu, and out. */
    private static void leave(PtySshClient client, int exitOfShell) {
        client.send("exit " + exitOfShell + "\r");
        client.expectScreen("session ended", LIMIT);
        client.send("\u001b");
        assertThat(client.awaitExit(LIMIT)).isZero();
    }
}
