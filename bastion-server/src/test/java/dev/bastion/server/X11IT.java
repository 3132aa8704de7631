package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.TargetRefused;
import dev.bastion.audit.SessionId;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** X11 is refused: with a sentence on a terminal, and beside the output of a command. */
@TestInstance(Lifecycle.PER_CLASS)
final class X11IT {

    private static final String SENTENCE = "bastion: X11 is not forwarded through the bastion";

    /** What {@code ssh} says by itself when any server refuses X11. */
    private static final String OF_THE_CLIENT = "X11 forwarding request failed on channel 0\r\n";

    private static final Map<String, String> DISPLAY = Map.of("DISPLAY", "localhost:77");

    private final RunningBastion bastion;

    X11IT(@TempDir Path folder) {
        bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void onATerminalItIsSaidBeforeTheHostSpeaks() {
        try (PtySshClient client =
                PtySshClient.start(bastion.ssh("alice+web1", "-Y"), 80, 24, DISPLAY)) {
            client.expect("\r\n" + SENTENCE + "\r\n", LIMIT);
            client.send("echo on=$RIG_HOST=${DISPLAY-none}=\r");
            client.expect("on=web1=none=", LIMIT);
            client.send("exit\r");
            assertThat(client.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void onATerminalThatDoesNotAskForItNothingIsSaid() {
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            client.send("exit\r");
            assertThat(client.awaitExit(LIMIT)).isZero();
            assertThat(client.transcript()).doesNotContain("X11");
        }
    }

    @Test
    void theBytesOfACommandStayItsOwn() {
        SshClient.Result result = run("-Y", "echo out; echo err >&2; exit 3");

        assertThat(result.exitStatus()).isEqualTo(3);
        assertThat(result.text()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo(OF_THE_CLIENT + "err\n");
    }

    @Test
    void aClientThatLogsWhatItIsToldShowsIt() {
        SshClient.Result result = run("-Y", "-v", "echo out");

        assertThat(result.text()).isEqualTo("out\n");
        assertThat(result.stderr()).contains("debug1: Remote: " + SENTENCE);
    }

    /** Once for each session that wanted it, whatever else the connection has. */
    @Test
    void anAuditorSeesInWhichSessionItWasAskedFor() {
        assertThat(run("-Y", "echo asks").exitStatus()).isZero();
        assertThat(run("echo does not ask").exitStatus()).isZero();
        SessionId asks = session("echo asks");
        SessionId asksNot = session("echo does not ask");

        TargetRefused refused = bastion.awaitRefusal(one -> one.within(asks).isPresent());
        assertThat(refused.reason()).isEqualTo("unsupported");
        assertThat(refused.target()).isEqualTo(bastion.login() + "@web1");
        assertThat(bastion.refusals()).filteredOn(one -> one.within(asks).isPresent()).hasSize(1);
        assertThat(bastion.refusals()).noneMatch(one -> one.within(asksNot).isPresent());
        assertThat(show(asks)).contains("\nrefused    X11 is not forwarded through the bastion\n");
        assertThat(show(asksNot)).doesNotContain("refused");
    }

    private SessionId session(String command) {
        return bastion.awaitRecord(CommandEntered.class, one -> one.command().equals(command))
                .context()
                .session();
    }

    /** The page, when the database has the end of the session. */
    private String show(SessionId session) {
        return await().atMost(LIMIT)
                .until(
                        () -> bastion.run("audrey", "audit show " + session.value()).text(),
                        page -> page.contains("exited"));
    }

    private SshClient.Result run(String... more) {
        boolean logs = List.of(more).contains("-v");
        List<String> words = new ArrayList<>();
        DISPLAY.forEach((name, value) -> words.add(name + "=" + value));
        words.add("ssh");
        bastion.ssh("alice+web1", more).stream()
                .map(word -> word.equals("LogLevel=ERROR") && logs ? "LogLevel=DEBUG1" : word)
                .forEach(words::add);
        return SshClient.runProgram("env", words, new byte[0], LIMIT);
    }
}
