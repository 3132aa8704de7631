package dev.bastion.audit.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * alice has lines 1 … 2000 in s1 on web1, a second apart; bob ran one exec (s2 on web2, exit 3) and
 * has an open sftp session (s3) with four file operations; dave ran one exec as app (s6 on web2).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JdbcAuditReaderIT {

    private static final Instant START = Records.NOON.truncatedTo(ChronoUnit.MICROS);

    @TempDir private static Path folder;
    private @Nullable AuditStore opened;

    private AuditStore store() {
        AuditStore store = opened;
        assertThat(store).isNotNull();
        return java.util.Objects.requireNonNull(store);
    }

    @BeforeAll
    void fill() throws Exception {
        opened =
                AuditStore.open(
                        folder.resolve("ledger"), folder.resolve("db"), InstantSource.system());
        List<AuditRecord> records = new ArrayList<>();
        LongStream.rangeClosed(1, 2000).forEach(i -> records.add(Records.command(i)));
        var exec = Records.context("bob", "s2", "web2");
        var sftp = Records.context("bob", "s3", "web2");
        Instant later = START.plusSeconds(5000);
        records.add(new AuditRecord.SessionStarted(later, exec, SessionKind.EXEC));
        records.add(
                new AuditRecord.CommandEntered(later, exec, 1, SessionKind.EXEC, "false", "false"));
        records.add(new AuditRecord.SessionEnded(later, exec, "exited", 3, null));
        records.add(new AuditRecord.SessionStarted(later, sftp, SessionKind.SFTP));
        records.add(Records.command("mallory", "s4", "web3", 1, "a".repeat(60) + "!"));
        for (String path : List.of("/srv/a", "/etc/b", "/srv/c")) {
            records.add(
                    new AuditRecord.FileOperated(
                            later, sftp, "write", path, "0-9", 10L, "abc", "ok"));
        }
        records.add(
                new AuditRecord.FileOperated(
                        later, sftp, "rename", "/etc/b", "/srv/b", null, null, "failure"));
        records.addAll(lines());
        var app =
                new SessionContext(
                        Records.CONNECTION,
                        new SessionId("s6"),
                        "dave",
                        "192.0.2.1",
                        "web2",
                        "app");
        records.add(new AuditRecord.SessionStarted(later, app, SessionKind.EXEC));
        records.add(new AuditRecord.CommandEntered(later, app, 1, SessionKind.EXEC, "id", "id"));
        records.add(new AuditRecord.SessionEnded(later, app, "lost", null, null));
        store().log().appendAll(records).get(30, SECONDS);
        assertThat(store().awaitReadable(Duration.ofSeconds(30))).isTrue();
    }

    /** Lines of a terminal: one decided, one not shown, one of nothing, and so on. */
    private static List<AuditRecord> lines() {
        var shell = Records.context("carol", "s5", "web4");
        List<AuditRecord> records = new ArrayList<>();
        records.add(entered(shell, 1, "ls", 0.6));
        records.add(entered(shell, 2, "[not shown yet: 1-7 keys]", 0));
        records.add(entered(shell, 3, "", 0));
        records.add(entered(shell, 4, "one", 0.3));
        records.add(entered(shell, 5, "[not shown yet: 8-15 keys]", 0));
        records.add(entered(shell, 6, "pwd", 0.9));
        records.add(decided(shell, 1, LineKind.COMMAND, "ls -l", "screen", 0.9));
        records.add(decided(shell, 2, LineKind.NO_ECHO, "[not echoed: 1-7 keys]", "x", 0.9));
        records.add(decided(shell, 4, LineKind.NOTHING, "", "typed", 1));
        return records;
    }

    private static AuditRecord entered(SessionContext of, long seq, String text, double sure) {
        String sealed = sure > 0 ? "" : "c2VhbGVk";
        return new AuditRecord.LineEntered(
                START, of, seq, "^M", text, sure, "1-7 keys", sealed, "", null);
    }

    private static AuditRecord decided(
            SessionContext of, long seq, LineKind kind, String text, String source, double sure) {
        return new AuditRecord.LineDecided(
                START, of, seq, kind, text, text, source, sure, true, "$ ", "");
    }

    @Test
    void aLineIsWhatWasDecidedOfItOrWhatIsKnownUntilThen() {
        List<String> rows = new ArrayList<>();
        var carol = new Query("carol", null, null, null, null, null, null, 0);
        store().reader()
                .commands(
                        carol,
                        row ->
                                rows.add(
                                        "%d %s %s %s %s"
                                                .formatted(
                                                        row.record().seq(),
                                                        row.record().command(),
                                                        row.line(),
                                                        row.source(),
                                                        row.confidence())));
        assertThat(rows)
                .containsExactly(
                        "1 ls -l COMMAND screen 0.9",
                        "2 [not echoed: 1-7 keys] NO_ECHO x 0.9",
                        "5 [not shown yet: 8-15 keys] null sealed-and-unjudged 0.0",
                        "6 pwd null unjudged 0.9");
    }

    @AfterAll
    void close() {
        store().close();
    }

    private List<Long> seqs(Query query) {
        List<Long> seqs = new ArrayList<>();
        store().reader().commands(query, row -> seqs.add(row.record().seq()));
        return seqs;
    }

    private static Query alice(
            @Nullable Instant since, @Nullable Instant until, @Nullable String grep, int limit) {
        return new Query(
                "alice",
                null,
                null,
                null,
                since,
                until,
                grep == null ? null : Pattern.compile(grep),
                limit);
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void allRowsComeOldestFirst() {
        assertThat(seqs(alice(null, null, null, 0))).isEqualTo(range(1, 2000));
    }

    @Test
    void aLimitGivesTheNewestOldestFirst() {
        assertThat(seqs(alice(null, null, null, 1))).isEqualTo(range(2000, 2000));
        assertThat(seqs(alice(null, null, null, 500))).isEqualTo(range(1501, 2000));
        assertThat(seqs(alice(null, null, null, 1234))).isEqualTo(range(767, 2000));
        assertThat(seqs(alice(null, null, null, 9999))).isEqualTo(range(1, 2000));
    }

    @Test
    void sinceIsInclusiveAndUntilExclusive() {
        assertThat(seqs(alice(START.plusSeconds(10), START.plusSeconds(20), null, 0)))
                .isEqualTo(range(10, 19));
        assertThat(seqs(alice(START.plusSeconds(10), START.plusSeconds(20), null, 3)))
                .isEqualTo(range(17, 19));
        assertThat(seqs(alice(START.plusSeconds(9000), null, null, 0))).isEmpty();
    }

    @Test
    void aPatternIsFoundAnywhereAndCountsTowardsTheLimit() {
        assertThat(seqs(alice(null, null, "d 1?7$", 0))).containsExactly(7L, 17L);
        assertThat(seqs(alice(null, null, "7$", 2))).containsExactly(1987L, 1997L);
        assertThat(seqs(alice(null, null, "command [12]$", 5))).containsExactly(1L, 2L);
        assertThat(seqs(alice(null, null, "nowhere", 5))).isEmpty();
    }

    @Test
    void aPatternThatNeverEndsIsStopped() {
        var query =
                new Query(
                        "mallory",
                        null,
                        null,
                        null,
                        null,
                        null,
                        Pattern.compile("^(a+a+)+\\1b"),
                        0);
        assertThatThrownBy(() -> seqs(query))
                .isInstanceOf(AuditLogException.class)
                .hasMessageContaining("takes too long");
    }

    @Test
    void onlyAnExecHasItsExitStatus() {
        List<@Nullable Integer> exits = new ArrayList<>();
        store().reader()
                .commands(
                        new Query(null, "web2", "root", null, null, null, null, 0),
                        row -> exits.add(row.exit()));
        store().reader().commands(alice(null, null, null, 1), row -> exits.add(row.exit()));
        assertThat(exits).containsExactly(3, null);
    }

    @Test
    void sessionsHaveTheirEndOnceTheyHaveOne() {
        var exec = store().reader().session(new SessionId("s2")).orElseThrow();
        assertThat(exec.end()).isNotNull();
        assertThat(exec.start().kind()).isEqualTo(SessionKind.EXEC);
        assertThat(store().reader().session(new SessionId("s3")).orElseThrow().end()).isNull();
        assertThat(store().reader().session(new SessionId("s9"))).isEmpty();
    }

    private List<AuditRecord.FileOperated> files(Query query) {
        List<AuditRecord.FileOperated> found = new ArrayList<>();
        store().reader().files(query, found::add);
        return found;
    }

    @Test
    void filesAreFoundByPathByTargetAndBySession() {
        var all = files(new Query("bob", "web2", null, new SessionId("s3"), null, null, null, 0));
        assertThat(all).hasSize(4);
        assertThat(all.getFirst().bytes()).isEqualTo(10);
        assertThat(all.getFirst().sha256()).isEqualTo("abc");
        assertThat(all.getLast().bytes()).isNull();
        assertThat(all.getLast().sha256()).isNull();
        assertThat(files(Query.ALL.with(Pattern.compile("^/srv/"))))
                .extracting(AuditRecord.FileOperated::path)
                .containsExactly("/srv/a", "/srv/c", "/etc/b");
        assertThat(files(new Query("alice", null, null, null, null, null, null, 0))).isEmpty();
    }

    @Test
    void aLoginHasNoHost() {
        List<AuditRecord> found = new ArrayList<>();
        store().reader()
                .logins(new Query(null, "web1", null, null, null, null, null, 0), found::add);
        assertThat(found).isEmpty();
    }

    private static Query text(String words) {
        return asking(words, null, null);
    }

    private static Query asking(
            @Nullable String words, @Nullable SessionKind kind, @Nullable String result) {
        return new Query(null, null, null, null, null, null, null, words, kind, result, 0);
    }

    private List<String> commands(Query query) {
        List<String> commands = new ArrayList<>();
        store().reader().commands(query, row -> commands.add(row.record().command()));
        return commands;
    }

    @Test
    void wordsFindWhatALineTurnedOutToBeAndNotWhatItWasThoughtToBe() {
        assertThat(commands(text("LS"))).containsExactly("ls -l");
        assertThat(commands(text("one"))).isEmpty();
        assertThat(commands(text("pwd"))).containsExactly("pwd");
        assertThat(commands(text("false"))).containsExactly("false");
    }

    @Test
    void wordsKeepTheOrderAndTheOtherConditions() {
        var query =
                new Query(
                        "alice",
                        null,
                        null,
                        null,
                        START.plusSeconds(10),
                        START.plusSeconds(1900),
                        Pattern.compile("7$"),
                        "comm*",
                        SessionKind.SHELL,
                        null,
                        3);
        assertThat(seqs(query)).containsExactly(1877L, 1887L, 1897L);
        assertThat(seqs(text("command"))).isEqualTo(range(1, 2000));
        assertThat(seqs(text("command 1234"))).containsExactly(1234L);
    }

    @Test
    void wordsOfFilesAreThoseOfBothPaths() {
        assertThat(files(text("/etc/b")))
                .extracting(AuditRecord.FileOperated::operation)
                .containsExactly("write", "rename");
        assertThat(files(text("/srv/b")))
                .extracting(AuditRecord.FileOperated::operation)
                .containsExactly("rename");
    }

    @Test
    void aListingWithoutWordsHasNoneToFind() {
        List<AuditRecord> found = new ArrayList<>();
        store().reader().changes(text("user"), found::add);
        assertThat(found).isEmpty();
    }

    @Test
    void kindAndResultNarrow() {
        assertThat(commands(asking(null, SessionKind.EXEC, null))).containsExactly("false", "id");
        assertThat(commands(asking(null, null, "3"))).containsExactly("false");
        assertThat(commands(asking(null, null, "0"))).isEmpty();
        assertThat(files(asking(null, null, "failure")))
                .extracting(AuditRecord.FileOperated::operation)
                .containsExactly("rename");
        assertThat(files(asking(null, SessionKind.SFTP, null))).isEmpty();
    }

    @Test
    void accountAndSessionNarrow() {
        assertThat(commands(new Query(null, null, "app", null, null, null, null, 0)))
                .containsExactly("id");
        assertThat(commands(new Query(null, "web2", "root", null, null, null, null, 0)))
                .containsExactly("false");
        assertThat(commands(new Query(null, null, null, new SessionId("s6"), null, null, null, 0)))
                .containsExactly("id");
        assertThat(commands(new Query("alice", null, "app", null, null, null, null, 0))).isEmpty();
    }

    @Test
    void sessionsAreNarrowedLikeTheirLines() {
        assertThat(sessions(new Query(null, null, "app", null, null, null, null, 0)))
                .containsExactly("s6");
        assertThat(sessions(new Query(null, "web2", null, null, null, null, null, 0)))
                .containsExactly("s2", "s3", "s6");
        assertThat(sessions(new Query(null, "web2", null, null, null, null, null, 1)))
                .containsExactly("s6");
        assertThat(sessions(asking(null, SessionKind.SFTP, null))).containsExactly("s3");
        assertThat(sessions(asking(null, null, "lost"))).containsExactly("s6");
        assertThat(sessions(asking(null, SessionKind.EXEC, "exited"))).containsExactly("s2");
        assertThat(sessions(new Query("bob", null, null, null, START, START, null, 0))).isEmpty();
    }

    private List<String> sessions(Query query) {
        List<String> found = new ArrayList<>();
        store().reader().sessions(query, row -> found.add(row.start().context().session().value()));
        return found;
    }

    @Test
    void theReaderStopsAskingWhenItsCallerThrows() {
        List<Long> seen = new ArrayList<>();
        assertThatThrownBy(() ->
                        store().reader()
                                .commands(
                                        Query.ALL,
                                        row -> {
                                            seen.add(row.record().seq());
                                            throw new IllegalStateException("enough");
                                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(seen).hasSize(1);
    }
}
