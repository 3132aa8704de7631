package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.rig.SshClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However a process on the host ends, the client is told what it is told without the bastion, and
 * the auditor too.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class ExitIT {

    private static final int AT_ONCE = 4;

    private static final List<String> ENDS =
            List.of(
                    "exit 0",
                    "exit 1",
                    "/etc/passwd; exit $?",
                    "no-such-command-at-all; exit $?",
                    "exit 255",
                    "echo out; echo err >&2; exit 42",
                    "kill -KILL $$",
                    "kill -SEGV $$",
                    "kill -HUP $$",
                    "kill -TERM $$; exit 3",
                    // A name of its own in no RFC.
                    "kill -XCPU $$");

    private static final Pattern STATUS = Pattern.compile("exit (\\d+)");
    private static final Pattern SIGNAL = Pattern.compile("kill -(\\S+)");

    /** How the host is asked. */
    enum Way {
        EXEC,
        EXEC_IN_TERMINAL,
        SHELL
    }

    private record Ends(String line, SshClient.Result direct, SshClient.Result through) {}

    private final RunningBastion bastion;
    private final SharedSsh direct;
    private final SharedSsh through;

    ExitIT(@TempDir Path folder) {
        bastion = RunningBastion.start(folder);
        direct = SharedSsh.connect(folder.resolve("direct"), bastion.web1().sshArguments());
        through = SharedSsh.connect(folder.resolve("through"), bastion.ssh("alice+web1"));
    }

    @AfterAll
    void close() {
        direct.close();
        through.close();
        bastion.close();
    }

    @ParameterizedTest
    @EnumSource
    void isToldAsTheHostItselfTellsIt(Way way) {
        for (Ends ends : all(way)) {
            SshClient.Result direct = ends.direct;
            SshClient.Result through = ends.through;
            assertThat(through.exitStatus()).as(ends.line).isEqualTo(direct.exitStatus());
            assertThat(through.text()).as(ends.line).isEqualTo(direct.text());
            assertThat(through.stderr()).as(ends.line).isEqualTo(direct.stderr());

            SessionEnded recorded = recorded(ends.line);
            assertThat(recorded.reason()).as(ends.line).isEqualTo("exited");
            if (recorded.signal() == null) {
                assertThat(recorded.exit()).as(ends.line).isEqualTo(direct.exitStatus());
                STATUS.matcher(ends.line)
                        .results()
                        .map(status -> status.group(1))
                        .forEach(status -> assertThat(recorded.exit()).hasToString(status));
            } else {
                assertThat(recorded.exit()).as(ends.line).isNull();
                assertThat(direct.exitStatus()).as(ends.line).isEqualTo(255);
                assertThat(SIGNAL.matcher(ends.line).results().map(MatchResult::group))
                        .as(ends.line)
                        .containsExactly("kill -" + signal(recorded));
            }
        }
    }

    /** OpenSSH's server names what RFC 4254 does not know with its domain. */
    private static String signal(SessionEnded recorded) {
        return String.valueOf(recorded.signal()).replace("SIG@openssh.com", "XCPU");
    }

    private List<Ends> all(Way way) {
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            List<CompletableFuture<Ends>> running = new ArrayList<>();
            for (String end : ENDS) {
                String line = end + " # " + way;
                running.add(
                        CompletableFuture.supplyAsync(
                                () ->
                                        new Ends(
                                                line,
                                                run(way, direct, line),
                                                run(way, through, line)),
                                pool));
            }
            return running.stream().map(CompletableFuture::join).toList();
        }
    }

    private static SshClient.Result run(Way way, SharedSsh to, String line) {
        return switch (way) {
            case EXEC -> to.run(line);
            case EXEC_IN_TERMINAL -> to.run("-tt", line);
            case SHELL -> SshClient.run(to.ssh(), (line + "\n").getBytes(UTF_8), LIMIT);
        };
    }

    private SessionEnded recorded(String line) {
        CommandEntered entered =
                bastion.awaitRecord(CommandEntered.class, entry -> entry.command().equals(line));
        return bastion.awaitRecord(
                SessionEnded.class,
                ended -> ended.context().session().equals(entered.context().session()));
    }
}
