package dev.bastion.audit.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed as soon as its rows can be asked for, before the database has written them:
 * the next opening finds the database behind the ledger and fills it again, each row once.
 */
@Timeout(180)
final class AuditStoreKillIT {

    private static final int ROUNDS = 5;
    private static final int ENTRIES = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path folder;

    @Test
    void rowsThatAKillTookAreFilledInOnce() throws Exception {
        List<Long> lost = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            long last = (long) round * ENTRIES;
            Process process = start(last - ENTRIES + 1, last);
            try (var out = process.inputReader()) {
                assertThat(out.readLine()).isEqualTo("readable");
                process.toHandle().destroyForcibly();
            }
            process.waitFor();
            try (AuditDatabase database = AuditDatabase.open(folder.resolve("db"))) {
                lost.add(last - ProjectionTransaction.position(database.dataSource()).sequence());
            }
            try (AuditStore store = open(folder)) {
                assertThat(store.awaitReadable(PATIENCE)).isTrue();
                List<Long> found = new ArrayList<>();
                store.reader()
                        .commands(
                                Query.ALL,
                                row -> {
                                    assertThat(row.entry().value()).isEqualTo(row.record().seq());
                                    found.add(row.record().seq());
                                });
                assertThat(found).isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
            }
        }
        assertThat(lost).as("rows that each kill took").anyMatch(rows -> rows > 0);
    }

    private Process start(long from, long to) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FillingProcess.class.getName(),
                        folder.toString(),
                        Long.toString(from),
                        Long.toString(to))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static AuditStore open(Path folder) {
        return AuditStore.open(
                folder.resolve("ledger"), folder.resolve("db"), InstantSource.system());
    }

    /** Appends, and says so when all can be asked for; then only waits. */
    static final class FillingProcess {

        private FillingProcess() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws InterruptedException {
            AuditStore store = open(Path.of(args[0]));
            for (long i = Long.parseLong(args[1]); i <= Long.parseLong(args[2]); i++) {
                store.log().append(Records.command(i)).join();
            }
            if (store.awaitReadable(PATIENCE)) {
                System.out.println("readable");
                System.out.flush();
            }
            Thread.currentThread().join();
        }
    }
}
