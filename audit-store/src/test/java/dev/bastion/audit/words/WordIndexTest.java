package dev.bastion.audit.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.words.WordQuery.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An index of a few entries; entry N is written at second N. */
final class WordIndexTest {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final SessionContext SHELL = Records.context("alice", "s1", "web1");

    @TempDir private Path folder;
    private WordIndex index;

    @BeforeEach
    void open() throws IOException {
        index = WordIndex.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        index.close();
    }

    private void add(long number, AuditRecord record) throws IOException {
        index.add(
                new LedgerEntry(
                        new SequenceNumber(number),
                        record.time(),
                        0,
                        record,
                        new byte[1],
                        EntryHash.NONE));
    }

    private void exec(long number, String command) throws IOException {
        add(
                number,
                new AuditRecord.CommandEntered(
                        START.plusSeconds(number),
                        Records.context("bob", "x" + number, "web2"),
                        1,
                        SessionKind.EXEC,
                        "",
                        command));
    }

    private void entered(long number, long seq, String command) throws IOException {
        add(
                number,
                new AuditRecord.LineEntered(
                        START.plusSeconds(number),
                        SHELL,
                        seq,
                        "^M",
                        command,
                        0.5,
                        "",
                        "",
                        "",
                        null));
    }

    private void decided(long number, long seq, LineKind kind, String command) throws IOException {
        add(
                number,
                new AuditRecord.LineDecided(
                        START.plusSeconds(number),
                        SHELL,
                        seq,
                        kind,
                        command,
                        command,
                        "both",
                        1,
                        true,
                        "$ ",
                        ""));
    }

    private long[] newest(String text) throws IOException {
        return newest(text, null, null, null, 10);
    }

    private long[] newest(
            String text,
            @Nullable String user,
            @Nullable Instant since,
            @Nullable Instant until,
            int atMost)
            throws IOException {
        index.refresh();
        var query = new WordQuery(Kind.COMMAND, text, user, null, null, null, since, until);
        return index.search(query, 1, 1_000, atMost, true);
    }

    @ParameterizedTest
    @CsvSource({
        "rm, true",
        "RM, true",
        "nginx, true",
        "/var/log/nginx, true",
        "log/nginx, true",
        "log.nginx, true",
        "nginx/log, false",
        "/var/nginx, false",
        "nginx var, true",
        "ngin, false",
        "ngin*, true",
        "/var/lo*, true",
        "rf, true",
        "straße, true",
        "STRASSE, false",
        "日本, true",
        "absent, false",
    })
    void findsWords(String text, boolean found) throws IOException {
        exec(1, "rm -rf /var/log/nginx straße 日本");
        assertThat(newest(text).length == 1).isEqualTo(found);
    }

    @Test
    void aTextWithoutAWordIsRefused() {
        assertThatThrownBy(() -> newest("ls --"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'--'");
    }

    @Test
    void aLineIsFoundByWhatItTurnedOutToBeUnderTheEntryInWhichItWasEntered() throws IOException {
        entered(1, 1, "cat old");
        entered(2, 2, "cat kept");
        assertThat(newest("old")).containsExactly(1);
        decided(3, 1, LineKind.COMMAND, "cat new");
        assertThat(newest("old")).isEmpty();
        assertThat(newest("new")).containsExactly(1);
        assertThat(newest("cat")).containsExactly(2, 1);
        decided(4, 2, LineKind.NOTHING, "");
        assertThat(newest("kept")).isEmpty();
    }

    @Test
    void aLineThatWasEnteredBeforeARestartIsDecidedAfterIt() throws IOException {
        entered(1, 1, "cat old");
        index.commit();
        index.close();
        index = WordIndex.open(folder);
        assertThat(index.position().sequence()).isEqualTo(1);
        decided(2, 1, LineKind.COMMAND, "cat new");
        assertThat(newest("new")).containsExactly(1);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void whatWasNotCommittedIsAddedAgainAndThereOnce() throws IOException {
        exec(1, "df -h");
        index.commit();
        exec(2, "df -i");
        index.close();
        index = WordIndex.open(folder);
        assertThat(index.position().sequence()).isEqualTo(1);
        exec(2, "df -i");
        exec(2, "df -i");
        assertThat(newest("df")).containsExactly(2, 1);
    }

    @Test
    void theConditionsHoldAndTheOrderIsThatOfTheEntries() throws IOException {
        for (int i = 1; i <= 9; i++) {
            exec(i, "df " + i);
        }
        entered(10, 1, "df");
        assertThat(newest("df", "bob", null, null, 3)).containsExactly(9, 8, 7);
        assertThat(newest("df", "alice", null, null, 3)).containsExactly(10);
        assertThat(newest("df", null, START.plusSeconds(4), START.plusSeconds(6), 10))
                .containsExactly(5, 4);
        var all = new WordQuery(Kind.COMMAND, "df", null, null, null, null, null, null);
        assertThat(index.search(all, 3, 5, 10, false)).containsExactly(3, 4, 5);
        assertThat(index.search(all, 3, 5, 2, true)).containsExactly(5, 4);
        var files = new WordQuery(Kind.FILE, "df", null, null, null, null, null, null);
        assertThat(index.search(files, 1, 10, 10, true)).isEmpty();
    }

    @Test
    void whatTheLedgerDroppedIsDropped() throws IOException {
        exec(1, "df");
        exec(2, "df");
        index.removeUpTo(1);
        assertThat(newest("df")).containsExactly(2);
    }
}
