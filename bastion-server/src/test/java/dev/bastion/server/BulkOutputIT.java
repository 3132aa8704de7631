package dev.bastion.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.jdbc.AuditStore;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long answers to auditors, from a bastion with little memory. */
@TestInstance(Lifecycle.PER_CLASS)
final class BulkOutputIT {

    private static final int HEAP_MEBIBYTES = 96;
    private static final int ROWS = 200_000;
    private static final int BATCH = 2_000;
    private static final int SLOW_READERS = 3;
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Instant FIRST = Instant.parse("2026-03-01T12:00:00Z");
    private static final String RUNNING = "AuditCommands.commands";

    private final Path folder;
    private final BastionScene scene;

    BulkOutputIT(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.scene = BastionScene.start(folder);
        scene.bastion().terminate(BastionScene.LIMIT);
        fill();
        scene.serveInHeap(HEAP_MEBIBYTES);
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource({"json, 0", "csv, 1", "table, 1"})
    void everyRowComesInOrder(String format, int headings) throws Exception {
        Process client = SshClient.start("ssh", scene.auditor("commands --format " + format));
        try {
            rowsAreWhole(client.inputReader(UTF_8), headings);
            assertThat(client.waitFor(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            assertThat(client.exitValue()).isZero();
        } finally {
            client.destroyForcibly();
        }
        assertThat(scene.bastion().isAlive()).isTrue();
    }

    @Test
    void limitGivesTheNewest() {
        assertThat(scene.audit("commands --limit 2 --format csv").lines().skip(1))
                .satisfiesExactly(
                        row -> assertThat(row).contains(text(ROWS - 1)),
                        row -> assertThat(row).contains(text(ROWS)));
    }

    @Test
    void readersThatStopCostNothingAndReadOnLater() throws Exception {
        List<Process> clients = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_READERS; i++) {
                clients.add(SshClient.start("ssh", scene.auditor("commands --format json")));
            }
            BastionScene.await("all wait for their readers", LONG, () -> running() == SLOW_READERS);
            assertThat(scene.audit("commands --limit 1 --format csv")).contains(text(ROWS));
            for (Process client : clients) {
                rowsAreWhole(client.inputReader(UTF_8), 0);
            }
        } finally {
            clients.forEach(Process::destroyForcibly);
        }
        assertThat(scene.bastion().isAlive()).isTrue();
    }

    @Test
    void readerThatLeavesInTheMiddleEndsTheQuestion() {
        try (RunningSsh client = RunningSsh.start(scene.auditor("commands --format json"))) {
            BastionScene.await("it answers", LONG, () -> client.bytes() > 0);
            client.signal("-STOP");
            assertThat(running()).isOne();
        }
        BastionScene.await("the question has ended", LONG, () -> running() == 0);
        assertThat(scene.audit("commands --limit 1 --format csv")).contains(text(ROWS));
    }

    private int running() {
        String threads = scene.bastion().threads(folder.resolve("threads"));
        return threads.split(RUNNING, -1).length - 1;
    }

    private static void rowsAreWhole(BufferedReader out, int headings) throws IOException {
        for (int i = 0; i < headings; i++) {
            assertThat(out.readLine()).containsIgnoringCase("command");
        }
        for (int row = 1; row <= ROWS; row++) {
            String line = String.valueOf(out.readLine());
            if (!line.contains(text(row))) {
                assertThat(line).as("row %d", row).contains(text(row));
            }
        }
        assertThat(out.readLine()).isNull();
    }

    private static String text(int row) {
        return "command number " + row + " of many";
    }

    /** Straight into the audit log of a bastion that does not run. */
    private void fill() throws Exception {
        try (AuditStore store =
                AuditStore.open(
                        scene.data.resolve("ledger"),
                        scene.data.resolve("db"),
                        InstantSource.system())) {
            IntFunction<AuditRecord> record = BulkOutputIT::command;
            for (int row = 1; row <= ROWS; row += BATCH) {
                store.log()
                        .appendAll(IntStream.range(row, row + BATCH).mapToObj(record).toList())
                        .get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(store.awaitReadable(LONG)).isTrue();
        }
    }

    private static AuditRecord command(int row) {
        SessionContext context =
                new SessionContext(
                        new ConnectionId("c1"),
                        new SessionId("s1"),
                        "alice",
                        "192.0.2.1",
                        "web1",
                        "root");
        return new AuditRecord.CommandEntered(
                FIRST.plusSeconds(row), context, row, SessionKind.SHELL, text(row), text(row));
    }
}
