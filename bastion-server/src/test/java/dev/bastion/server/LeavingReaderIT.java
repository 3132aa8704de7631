package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.rig.Programs;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever reads the output of a command leaves: the client and the process on the host end as soon
 * as they do without the bastion, and the session with them.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class LeavingReaderIT {

    /** How much later than without the bastion, on a machine with other work. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final Duration STEP = Duration.ofMillis(5);

    private final RunningBastion bastion;
    private final Path folder;

    /** From the reader's end to the client's, and to that of the process on the host. */
    private record Times(Duration client, Duration process) {}

    LeavingReaderIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @ParameterizedTest
    @CsvSource({"yes, head -1", "cat /dev/zero, sleep 3", "cat /dev/zero, head -c 50000000"})
    void inAPipe(String command, String reader) throws Exception {
        Times direct = leave(bastion.web1().sshArguments(), command, reader);
        int before = bastion.records(SessionEnded.class).size();
        Times through = leave(bastion.ssh("alice+web1"), command, reader);

        assertNotLater(through, direct);
        assertThat(bastion.awaitSessionEnd(before).reason()).isEqualTo("exited");
        assertThat(bastion.awaitSessionEnd(before).signal()).isEqualTo("PIPE");
    }

    @Test
    void withItsClientWhereNothingIsSaid() throws Exception {
        String command = "tail -f /dev/null";
        Times direct = kill(bastion.web1().sshArguments(), command);
        int before = bastion.records(SessionEnded.class).size();
        Times through = kill(bastion.ssh("alice+web1"), command);

        assertNotLater(through, direct);
        assertThat(bastion.awaitSessionEnd(before).reason()).isEqualTo("closed-by-client");
    }

    /** It may stay for a while and read nothing, so that what is sent to it is stuck on the way. */
    @ParameterizedTest
    @ValueSource(strings = {"head -c 1; exit 3", "head -c 1; sleep 1; exit 3"})
    void onTheHost(String command) {
        Duration direct = untilTheEnd(bastion.web1().sshArguments(), command);
        int before = bastion.records(SessionEnded.class).size();
        Duration through = untilTheEnd(bastion.ssh("alice+web1"), command);

        assertThat(through).isLessThan(direct.plus(SLACK));
        assertThat(bastion.awaitSessionEnd(before))
                .extracting(SessionEnded::reason, SessionEnded::exit)
                .containsExactly("exited", 3);
    }

    /** Of a client whose input has no end. */
    private static Duration untilTheEnd(List<String> destination, String command) {
        List<String> words = new ArrayList<>(List.of("-c", "ssh \"$@\" < /dev/zero", "sh"));
        words.addAll(BastionScene.with(destination, command));
        long begin = System.nanoTime();
        SshClient.Result result = SshClient.runProgram("sh", words, new byte[0], LIMIT);
        assertThat(result.exitStatus()).as(result::stderr).isEqualTo(3);
        assertThat(result.stdout()).hasSize(1);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private Times leave(List<String> destination, String command, String reader) throws Exception {
        Path pid = folder.resolve("pid" + System.nanoTime());
        Path left = folder.resolve("left" + System.nanoTime());
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "-c",
                                "\"$@\" | { %s >/dev/null; : > %s; }".formatted(reader, left),
                                "sh",
                                Programs.find("ssh").toString()));
        words.addAll(with(destination, pid, command));
        Process pipe = SshClient.start("sh", words);
        try {
            long process = process(pid);
            await().atMost(LIMIT).pollInterval(STEP).until(() -> Files.exists(left));
            return times(pipe, process);
        } finally {
            pipe.descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private Times kill(List<String> destination, String command) throws Exception {
        Path pid = folder.resolve("pid" + System.nanoTime());
        Process client = SshClient.start("ssh", with(destination, pid, command));
        try {
            process(pid);
        } finally {
            client.destroyForcibly();
        }
        return times(client, process(pid));
    }

    /** From now. */
    private static Times times(Process client, long process) {
        long begin = System.nanoTime();
        await().atMost(LIMIT).pollInterval(STEP).until(() -> !client.isAlive());
        Duration clientEnd = Duration.ofNanos(System.nanoTime() - begin);
        await().atMost(LIMIT).pollInterval(STEP).until(() -> !isAlive(process));
        return new Times(clientEnd, Duration.ofNanos(System.nanoTime() - begin));
    }

    /** The command says on the host which process it is. */
    private static List<String> with(List<String> destination, Path pid, String command) {
        return BastionScene.with(
                destination, "echo $$ > %s.new; mv %1$s.new %1$s; exec %s".formatted(pid, command));
    }

    private static long process(Path pid) throws IOException {
        await().atMost(LIMIT).until(() -> Files.exists(pid));
        return Long.parseLong(Files.readString(pid).strip());
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void assertNotLater(Times through, Times direct) {
        assertThat(through.client).isLessThan(direct.client.plus(SLACK));
        assertThat(through.process).isLessThan(direct.process.plus(SLACK));
    }
}
