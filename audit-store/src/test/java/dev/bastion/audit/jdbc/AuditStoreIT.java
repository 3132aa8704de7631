package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.ledger.Backoff;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ledger, a real H2 file behind it, and what happens to the one when the other is away. */
@Timeout(120)
final class AuditStoreIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path folder;

    private AuditStore open() {
        return AuditStore.open(
                folder.resolve("ledger"), folder.resolve("db"), InstantSource.system());
    }

    private static void append(AuditStore store, long from, long to) throws Exception {
        store.log()
                .appendAll(LongStream.rangeClosed(from, to).mapToObj(Records::command).toList())
                .get(10, SECONDS);
        assertThat(store.awaitReadable(PATIENCE)).isTrue();
    }

    private static List<Long> seqs(AuditStore store) {
        List<Long> seqs = new ArrayList<>();
        store.reader().commands(Query.ALL, row -> seqs.add(row.record().seq()));
        return seqs;
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private Path databaseFile() {
        return folder.resolve("db").resolve("audit.mv.db");
    }

    @Test
    void rowsAreThereOnceAcrossRestarts() throws Exception {
        for (int opening = 0; opening < 3; opening++) {
            try (AuditStore store = open()) {
                append(store, opening * 1500L + 1, opening * 1500L + 1500);
                assertThat(seqs(store)).isEqualTo(upTo(opening * 1500L + 1500));
            }
        }
    }

    @Test
    void aQuerySeesWhatTheLedgerHadWhenItBegan() throws Exception {
        try (AuditStore store = open()) {
            for (long last = 1; last <= 40; last++) {
                store.log().append(Records.command(last)).get(10, SECONDS);
                assertThat(seqs(store)).isEqualTo(upTo(last));
            }
        }
    }

    /** A kill between a migration and the note of it leaves its tables. */
    @Test
    void aHalfMadeSchemaIsMadeAnew() throws Exception {
        try (AuditStore store = open()) {
            append(store, 1, 10);
            assertThat(store.awaitReadable(PATIENCE)).isTrue();
        }
        String url = "jdbc:h2:file:" + folder.resolve("db").resolve("audit");
        try (Connection connection =
                        DriverManager.getConnection(url + ";DATABASE_TO_LOWER=TRUE", "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "delete from audit.\"schema_version\" where \"installed_rank\" ="
                            + " (select max(\"installed_rank\") from audit.\"schema_version\")");
        }
        try (AuditStore store = open()) {
            assertThat(store.awaitReadable(PATIENCE)).isTrue();
            assertThat(seqs(store)).isEqualTo(upTo(10));
        }
    }

    @Test
    void everyKindOfRecordHasItsRowWhateverItsText() throws Exception {
        try (AuditStore store = open()) {
            for (String text : List.of("", "\u0000\ud83d'; drop table audit.command; --")) {
                store.log().appendAll(Records.ofEachKind(text)).get(10, SECONDS);
            }
            for (AuditRecord record : Records.ofEachKind("\u0000é".repeat(70_000))) {
                // One after the other: together they are more than may wait for their sync.
                store.log().append(record).get(30, SECONDS);
            }
            assertThat(store.awaitReadable(PATIENCE)).isTrue();
            AtomicInteger logins = new AtomicInteger();
            AtomicInteger changes = new AtomicInteger();
            store.reader().logins(Query.ALL, r -> logins.incrementAndGet());
            store.reader().changes(Query.ALL, r -> changes.incrementAndGet());
            assertThat(logins).hasValue(3);
            assertThat(changes).hasValue(3);
        }
    }

    @Test
    void aDeletedDatabaseIsRebuilt() throws Exception {
        try (AuditStore store = open()) {
            append(store, 1, 2500);
        }
        Files.delete(databaseFile());
        try (AuditStore store = open()) {
            assertThat(store.awaitReadable(PATIENCE)).isTrue();
            assertThat(seqs(store)).isEqualTo(upTo(2500));
        }
    }

    @Test
    void aDamagedDatabaseIsMovedAsideAndRebuilt() throws Exception {
        try (AuditStore store = open()) {
            append(store, 1, 100);
        }
        byte[] bytes = Files.readAllBytes(databaseFile());
        Arrays.fill(bytes, (byte) 0x5a);
        Files.write(databaseFile(), bytes);
        try (AuditStore store = open()) {
            assertThat(store.awaitReadable(PATIENCE)).isTrue();
            assertThat(seqs(store)).isEqualTo(upTo(100));
        }
        try (var files = Files.list(folder.resolve("db"))) {
            assertThat(files.map(f -> String.valueOf(f.getFileName())))
                    .anyMatch(name -> name.startsWith("audit.mv.db.damaged-"));
        }
    }

    /** It opens, and a question by session would miss the row: only the check sees it. */
    @Test
    void anIndexThatDoesNotAgreeWithItsTableIsFoundAtTheStartAndAllIsRebuilt() throws Exception {
        try (AuditStore store = open()) {
            append(store, 1, 100);
        }
        try (AuditDatabase database = AuditDatabase.open(folder.resolve("db"));
                var connection = database.dataSource().getConnection()) {
            TableCheckTest.damage(connection, "command_session", 60, true, false);
        }
        try (AuditStore store = open()) {
            assertThat(store.awaitReadable(PATIENCE)).isTrue();
            assertThat(seqs(store)).isEqualTo(upTo(100));
            List<Long> found = new ArrayList<>();
            store.reader()
                    .commands(
                            new Query(null, null, null, new SessionId("s1"), null, null, null, 0),
                            row -> found.add(row.record().seq()));
            assertThat(found).isEqualTo(upTo(100));
        }
        try (var files = Files.list(folder.resolve("db"))) {
            assertThat(files.map(f -> String.valueOf(f.getFileName())))
                    .anyMatch(name -> name.startsWith("audit.mv.db.damaged-"));
        }
    }

    @Test
    void aDatabaseThatIsAwayDelaysOnlyReaders() throws Exception {
        Files.createDirectories(folder.resolve("ledger"));
        Files.writeString(folder.resolve("db"), "in the way");
        try (AuditStore store = open()) {
            store.log().append(Records.command(1)).get(10, SECONDS);
            assertThatThrownBy(() -> seqs(store))
                    .isInstanceOf(AuditLogException.class)
                    .hasMessageContaining("folder");
            Files.delete(folder.resolve("db"));
            assertThat(store.awaitReadable(PATIENCE)).isTrue();
            assertThat(seqs(store)).isEqualTo(upTo(1));
        }
    }

    @Test
    void aLedgerThatIsShorterThanTheDatabaseIsRefused() throws Exception {
        try (AuditStore store = open()) {
            append(store, 1, 10);
        }
        removeLedger();
        assertThatThrownBy(this::open)
                .isInstanceOf(AuditLogException.class)
                .hasMessageContaining("cut");
    }

    @Test
    void anotherLedgerIsRefused() throws Exception {
        try (AuditStore store = open()) {
            append(store, 1, 10);
        }
        removeLedger();
        try (FileLedger other =
                FileLedger.open(
                        folder.resolve("ledger"),
                        InstantSource.system(),
                        LedgerOptions.defaults())) {
            for (long i = 1; i <= 20; i++) {
                other.append(Records.command(i)).get(10, SECONDS);
            }
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(AuditLogException.class)
                .hasMessageContaining("another");
    }

    private void removeLedger() throws IOException {
        try (var files = Files.list(folder.resolve("ledger"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aTransactionThatFailsInTheMiddleIsRolledBackAndDoneOnce() throws Exception {
        try (FileLedger ledger =
                        FileLedger.open(
                                folder.resolve("ledger"),
                                InstantSource.system(),
                                LedgerOptions.defaults());
                AuditDatabase database = AuditDatabase.open(folder.resolve("db"))) {
            execute(database.dataSource(), "alter table audit.login rename to login_away");
            var source = new Given(database.dataSource());
            try (var projector =
                    new Projector(
                            ledger,
                            source,
                            new Backoff(Duration.ofMillis(10), Duration.ofMillis(20)))) {
                projector.start();
                List<AuditRecord> records = new ArrayList<>();
                LongStream.rangeClosed(1, 50).forEach(i -> records.add(Records.command(i)));
                records.addAll(Records.ofEachKind("x"));
                ledger.appendAll(records).get(10, SECONDS);
                await().until(() -> source.failures.get() >= 3);
                assertThat(count(database.dataSource())).isZero();
                assertThat(projector.position()).isZero();
                execute(database.dataSource(), "alter table audit.login_away rename to login");
                await().until(() -> projector.position() == records.size());
                long commands =
                        records.stream()
                                .filter(r ->
                                        r instanceof AuditRecord.CommandEntered
                                                || r instanceof AuditRecord.LineEntered)
                                .count();
                assertThat(count(database.dataSource())).isEqualTo(commands);
            }
        }
    }

    private static final class Given implements DatabaseSource {
        private final DataSource database;
        private final AtomicInteger failures = new AtomicInteger();

        Given(DataSource database) {
            this.database = database;
        }

        @Override
        public DataSource open() {
            return database;
        }

        @Override
        public void failed(SQLException cause, int inARow) {
            failures.incrementAndGet();
        }
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(DataSource database) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from audit.command")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aRowCanBeReadWithin100Milliseconds() throws Exception {
        try (AuditStore store = open()) {
            append(store, 1, 500);
            List<Long> lagsMicros = new ArrayList<>();
            for (long i = 501; i <= 700; i++) {
                var entry = store.log().append(Records.command(i)).get(10, SECONDS);
                long start = System.nanoTime();
                assertThat(store.projector().awaitPosition(entry, PATIENCE)).isTrue();
                lagsMicros.add((System.nanoTime() - start) / 1000);
            }
            lagsMicros.sort(null);
            System.err.println(
                    "lag micros p50 "
                            + lagsMicros.get(100)
                            + " p95 "
                            + lagsMicros.get(190)
                            + " max "
                            + lagsMicros.get(199));
            assertThat(lagsMicros.get(190)).isLessThan(100_000L);
            await().until(() -> store.projector().lag().isZero());
        }
    }
}
