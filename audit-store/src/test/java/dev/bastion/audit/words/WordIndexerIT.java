package dev.bastion.audit.words;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerOptions;
import dev.bastion.audit.words.WordQuery.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index beside a ledger in which {@code command 1} stands and more follow. */
final class WordIndexerIT {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    @TempDir private Path folder;

    private FileLedger ledger(String name) throws Exception {
        FileLedger ledger =
                FileLedger.open(
                        folder.resolve(name), InstantSource.system(), LedgerOptions.defaults());
        if (ledger.committed().sequence() == 0) {
            ledger.append(Records.command(1)).get(10, SECONDS);
        }
        return ledger;
    }

    private WordIndexer indexer(FileLedger ledger) {
        var indexer = new WordIndexer(ledger, folder.resolve("words"));
        indexer.start();
        return indexer;
    }

    private static long[] commands(WordIndexer indexer) {
        var query = new WordQuery(Kind.COMMAND, "command", null, null, null, null, null, null);
        return indexer.newest(query, 1, 1_000, 1_000);
    }

    @Test
    void whatTheLedgerHasIsFound() throws Exception {
        try (FileLedger ledger = ledger("ledger");
                WordIndexer indexer = indexer(ledger)) {
            assertThat(indexer.awaitSearchable(LONGEST)).isTrue();
            assertThat(commands(indexer)).containsExactly(1);
            ledger.append(Records.command(2)).get(10, SECONDS);
            assertThat(indexer.awaitSearchable(LONGEST)).isTrue();
            assertThat(commands(indexer)).containsExactly(2, 1);
        }
    }

    @Test
    void itGoesOnWhereItWasClosed() throws Exception {
        try (FileLedger ledger = ledger("ledger")) {
            try (WordIndexer first = indexer(ledger)) {
                assertThat(first.awaitSearchable(LONGEST)).isTrue();
            }
            try (WordIndex closed = WordIndex.open(folder.resolve("words"))) {
                assertThat(closed.position()).isEqualTo(ledger.committed());
            }
            ledger.append(Records.command(2)).get(10, SECONDS);
            try (WordIndexer second = indexer(ledger)) {
                assertThat(second.awaitSearchable(LONGEST)).isTrue();
                assertThat(commands(second)).containsExactly(2, 1);
            }
        }
    }

    @Test
    void aDamagedIndexIsMadeAnew() throws Exception {
        try (FileLedger ledger = ledger("ledger")) {
            try (WordIndexer first = indexer(ledger)) {
                assertThat(first.awaitSearchable(LONGEST)).isTrue();
            }
            damage();
            try (WordIndexer second = indexer(ledger)) {
                assertThat(second.awaitSearchable(LONGEST)).isTrue();
                assertThat(commands(second)).containsExactly(1);
            }
        }
    }

    private void damage() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("words"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.writeString(file, "damaged");
            }
        }
    }

    @Test
    void theIndexOfAnotherLedgerIsMadeAnew() throws Exception {
        try (FileLedger ledger = ledger("ledger")) {
            ledger.append(Records.command(2)).get(10, SECONDS);
            try (WordIndexer first = indexer(ledger)) {
                assertThat(first.awaitSearchable(LONGEST)).isTrue();
            }
        }
        try (FileLedger other = ledger("other");
                WordIndexer second = indexer(other)) {
            assertThat(second.awaitSearchable(LONGEST)).isTrue();
            assertThat(commands(second)).containsExactly(1);
        }
    }
}
