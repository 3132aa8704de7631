package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.SessionContext;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Many sessions over one connection of the client, as OpenSSH's ControlMaster makes them. */
@TestInstance(Lifecycle.PER_CLASS)
final class SharedConnectionIT {

    private static final String SLEEP = "sleep 1; echo ";

    private final RunningBastion bastion;
    private final SshdHost narrow;
    private final Path folder;

    SharedConnectionIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        narrow = SshdHost.start(folder, "127.0.0.1", List.of("MaxSessions 2"));
        bastion.addSshd("narrow", narrow);
    }

    @AfterAll
    void close() {
        master("alice+web1", "-O", "exit");
        master("alice+narrow", "-O", "exit");
        bastion.close();
        narrow.close();
    }

    @BeforeAll
    void connect() {
        for (String address : List.of("alice+web1", "alice+narrow")) {
            assertThat(master(address, "-N", "-f", "-o", "ControlMaster=yes").exitStatus())
                    .isZero();
        }
    }

    @Test
    void shortCommandsOneAfterTheOtherLogInToTheHostOnce() {
        long before = logins(bastion.web1());
        for (int i = 0; i < 40; i++) {
            SshClient.Result result = master("alice+web1", "echo " + i + "; exit " + i);
            assertThat(result.text()).isEqualTo(i + "\n");
            assertThat(result.exitStatus()).isEqualTo(i);
        }
        assertThat(logins(bastion.web1()) - before).isLessThanOrEqualTo(1);
    }

    @Test
    void fiftySessionsAtOnceAreEachServed() {
        List<SshClient.Result> results = atOnce("alice+web1", 50);
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).text()).as("%s", results.get(i)).isEqualTo(i + "\n");
        }
        await().atMost(LIMIT).untilAsserted(() -> eachIsRecorded(results.size()));
    }

    private void eachIsRecorded(int sessions) {
        Map<SessionContext, String> entered =
                bastion.records(CommandEntered.class).stream()
                        .filter(record -> record.context().host().equals("web1"))
                        .filter(record -> record.command().startsWith(SLEEP))
                        .collect(
                                Collectors.toMap(CommandEntered::context, CommandEntered::command));
        assertThat(bastion.records(SessionEnded.class))
                .filteredOn(end -> entered.containsKey(end.context()))
                .allMatch(end -> Objects.equals(end.exit(), 0))
                .extracting(end -> entered.get(end.context()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, sessions).mapToObj(i -> SLEEP + i).toList());
    }

    @Test
    void aHostThatAllowsFewSessionsGetsMoreConnections() {
        long before = logins(narrow);
        List<SshClient.Result> results = atOnce("alice+narrow", 7);
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).text()).as("%s", results.get(i)).isEqualTo(i + "\n");
        }
        assertThat(logins(narrow) - before).isGreaterThanOrEqualTo(3);
    }

    private List<SshClient.Result> atOnce(String address, int sessions) {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<SshClient.Result>> running = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                String command = SLEEP + i;
                running.add(CompletableFuture.supplyAsync(() -> master(address, command), pool));
            }
            return running.stream().map(CompletableFuture::join).toList();
        }
    }

    private static long logins(SshdHost host) {
        return host.log().lines().filter(line -> line.contains("Accepted publickey")).count();
    }

    private SshClient.Result master(String address, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of("-o", "ControlPath=" + folder.resolve(address.substring(6))));
        words.addAll(List.of(more));
        return SshClient.run(bastion.ssh(address, words.toArray(String[]::new)), LIMIT);
    }
}
