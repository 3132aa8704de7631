package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.AuditRecord.SessionStarted;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.server.rig.SshClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand short commands: each has its exit status and its records, and nothing stays. */
final class ManyCommandsIT {

    private static final int COMMANDS = 1000;

    /** Of them, with a connection of their own. */
    private static final int ALONE = 200;

    private static final int AT_ONCE = 8;
    private static final int WARM_UP = 40;
    private static final Duration GONE = Duration.ofSeconds(10);

    /** What may be more after them: pools that were not full before. */
    private static final int SPARE_THREADS = 6;

    /** The index of words has some more or fewer, at most a dozen for each of its sizes. */
    private static final int SPARE_FILES = 28;

    /** The database's cache, among others; a thousand buffers of sessions would be far more. */
    private static final long SPARE_HEAP_BYTES = 8 << 20;

    private final Path folder;
    private final BastionScene scene;

    /** What the process has. */
    private record Figures(long threads, long files, long heapBytes) {}

    ManyCommandsIT(@TempDir Path folder) {
        this.folder = folder;
        this.scene = BastionScene.start(folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void leaveNothingButTheirRecords() {
        runAll(-WARM_UP, 0, WARM_UP / 4);
        awaitNoSession();
        Figures before = figures();

        runAll(0, COMMANDS, ALONE);

        awaitNoSession();
        BastionScene.await(
                "files are closed",
                GONE,
                () -> scene.bastion().openFiles() <= before.files + SPARE_FILES);
        Figures after = figures();
        assertThat(after.threads).isLessThanOrEqualTo(before.threads + SPARE_THREADS);
        assertThat(after.heapBytes).isLessThan(before.heapBytes + SPARE_HEAP_BYTES);
        assertThat(scene.bastion().terminate(BastionScene.LIMIT)).isEqualTo(143);
        eachIsRecorded();
    }

    /** Commands with these numbers; so many alone, the others over one connection. */
    private void runAll(int from, int to, int alone) {
        try (SharedSsh shared =
                        SharedSsh.connect(folder.resolve("shared"), scene.alice("alice+web1"));
                ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int number = from; number < to; number++) {
                int status = Math.floorMod(number, 256);
                String command = "exit " + status + " # " + number;
                List<String> words =
                        number < from + alone
                                ? BastionScene.with(scene.alice("alice+web1"), command)
                                : shared.ssh(command);
                running.add(
                        CompletableFuture.runAsync(
                                () -> {
                                    SshClient.Result result =
                                            SshClient.run(words, BastionScene.LIMIT);
                                    assertThat(result.exitStatus())
                                            .as("%s: %s", command, result)
                                            .isEqualTo(status);
                                },
                                pool));
            }
            running.forEach(CompletableFuture::join);
        }
    }

    private Figures figures() {
        BastionProcess bastion = scene.bastion();
        return new Figures(bastion.systemThreads(), bastion.openFiles(), bastion.liveHeapBytes());
    }

    /** Neither here nor on the host. */
    private void awaitNoSession() {
        BastionScene.await("the host is left", GONE, () -> !scene.host.hasConnections());
        Path dump = folder.resolve("threads");
        BastionScene.await(
                "sessions have ended",
                GONE,
                () ->
                        scene.bastion()
                                .threads(dump)
                                .lines()
                                .noneMatch(line -> line.matches("#\\d+ \"(session|relay)-.*")));
    }

    private void eachIsRecorded() {
        Map<String, SessionId> sessions = new HashMap<>();
        Map<SessionId, Integer> exits = new HashMap<>();
        int started = 0;
        try (LedgerReader ledger =
                LedgerReader.open(scene.data.resolve("ledger"), new SequenceNumber(1))) {
            for (Optional<LedgerEntry> entry = ledger.next();
                    entry.isPresent();
                    entry = ledger.next()) {
                switch (entry.get().record()) {
                    case SessionStarted begun -> started++;
                    case CommandEntered line ->
                            sessions.put(line.command(), line.context().session());
                    case SessionEnded ended when ended.exit() != null ->
                            assertThat(exits.put(ended.context().session(), ended.exit())).isNull();
                    default -> {}
                }
            }
        }
        assertThat(started).isEqualTo(WARM_UP + COMMANDS);
        assertThat(exits).hasSize(WARM_UP + COMMANDS);
        assertThat(IntStream.range(0, COMMANDS).boxed())
                .allSatisfy(number -> {
                    int status = number % 256;
                    SessionId session = sessions.get("exit " + status + " # " + number);
                    assertThat(session).as("%d", number).isNotNull();
                    assertThat(exits.get(session)).as("%d", number).isEqualTo(status);
                });
    }
}
