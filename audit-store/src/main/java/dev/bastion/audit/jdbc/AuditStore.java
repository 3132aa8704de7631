package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.Backoff;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerOptions;
import dev.bastion.audit.ledger.LedgerStart;
import dev.bastion.audit.proof.LedgerBeginning;
import dev.bastion.audit.proof.ProofOptions;
import dev.bastion.audit.words.WordIndexer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole audit trail of one machine: the ledger, the database and the index of words that follow
 * it, and the reader. Thread-safe.
 *
 * <p>A database that cannot be opened does not keep the ledger from serving: it is tried again in
 * the background, and until then the reader throws {@link AuditLogException}.
 */
public final class AuditStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditStore.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    /** So long a query waits for what is in the ledger already; then it tells what there is. */
    private static final Duration QUERY_PATIENCE = Duration.ofSeconds(1);

    /** Folder of the index of words, in that of the database. */
    private static final String WORDS = "words";

    /** So long lines of sessions that were killed wait for the database to follow. */
    private static final Duration LEFT_OVER_PATIENCE = Duration.ofHours(1);

    private final FileLedger ledger;
    private final RetriedDatabase database;
    private final Projector projector;
    private final WordIndexer words;
    private final AuditReader reader;
    private final InstantSource clock;
    private final @Nullable LedgerEvidence evidence;

    /** The last entry that was there when this was opened. */
    private final long found;

    private AuditStore(
            FileLedger ledger,
            RetriedDatabase database,
            Projector projector,
            WordIndexer words,
            InstantSource clock,
            @Nullable LedgerEvidence evidence) {
        this.evidence = evidence;
        this.ledger = ledger;
        this.database = database;
        this.projector = projector;
        this.words = words;
        this.clock = clock;
        found = ledger.committed().sequence();
        this.reader = new JdbcAuditReader(database::current, words, this::catchUp);
    }

    /**
     * Opens all of it with the default bounds.
     *
     * @throws AuditLogException with a sentence when the ledger is in use or damaged, or is not the
     *     one that the database followed
     */
    public static AuditStore open(Path ledgerFolder, Path databaseFolder, InstantSource clock) {
        return open(ledgerFolder, databaseFolder, clock, LedgerOptions.defaults());
    }

    /** Opens all of it; see {@link #open(Path, Path, InstantSource)}. */
    public static AuditStore open(
            Path ledgerFolder, Path databaseFolder, InstantSource clock, LedgerOptions options) {
        return open(ledgerFolder, databaseFolder, clock, options, null);
    }

    /**
     * Opens all of it; see {@link #open(Path, Path, InstantSource)}.
     *
     * @param proof how the ledger is signed; absent when it is not
     */
    public static AuditStore open(
            Path ledgerFolder,
            Path databaseFolder,
            InstantSource clock,
            LedgerOptions options,
            @Nullable ProofOptions proof) {
        return open(ledgerFolder, databaseFolder, clock, options, proof, Backoff.TEN_SECONDS);
    }

    /**
     * The same.
     *
     * @param backoff of the database's projector
     */
    static AuditStore open(
            Path ledgerFolder,
            Path databaseFolder,
            InstantSource clock,
            LedgerOptions options,
            @Nullable ProofOptions proof,
            Backoff backoff) {
        if (Files.isDirectory(ledgerFolder) && !Files.isWritable(ledgerFolder)) {
            throw new AuditLogException(
                    "The ledger's folder " + ledgerFolder + " cannot be written.");
        }
        LedgerStart start =
                proof == null ? LedgerStart.BEGINNING : LedgerBeginning.of(ledgerFolder, proof);
        FileLedger ledger = FileLedger.open(ledgerFolder, clock, options, start);
        var database = new RetriedDatabase(databaseFolder);
        var projector = new Projector(ledger, database, backoff);
        try {
            checkIfThere(ledger, database);
            LedgerEvidence evidence =
                    proof == null
                            ? null
                            : LedgerEvidence.start(
                                    ledgerFolder, ledger, database, projector, proof, clock);
            projector.start();
            var words = new WordIndexer(ledger, databaseFolder.resolve(WORDS));
            words.start();
            return new AuditStore(ledger, database, projector, words, clock, evidence);
        } catch (RuntimeException e) {
            database.close();
            ledger.close();
            throw e;
        }
    }

    private static void checkIfThere(FileLedger ledger, RetriedDatabase database) {
        try {
            database.open();
        } catch (AuditLogException e) {
            LOG.warn("{} The ledger serves without it; it is tried again.", e.getMessage());
            return;
        }
        try {
            Projector.check(ledger, database.current());
        } catch (SQLException e) {
            LOG.warn("The audit database cannot be asked; it is tried again.", e);
        }
    }

    /** The way in. */
    public AuditLog log() {
        return ledger;
    }

    /** The way to ask. */
    public AuditReader reader() {
        return reader;
    }

    /**
     * Decides the lines that were entered, and not decided, in sessions that an earlier process did
     * not end: each gets its {@code line} record, by what its {@code entered} record holds. Blocks
     * until the database has what the ledger had when this was opened.
     *
     * @return how many there were
     */
    public int decideLeftOver() throws InterruptedException {
        if (found == 0 || !projector.awaitPosition(new SequenceNumber(found), LEFT_OVER_PATIENCE)) {
            return 0;
        }
        int lines = 0;
        List<AuditRecord> some;
        try {
            do {
                some = UndecidedLines.decided(database.current(), found, clock.instant());
                if (!some.isEmpty()) {
                    long last = ledger.appendAll(some).get().value();
                    lines += some.size();
                    if (!projector.awaitPosition(new SequenceNumber(last), LEFT_OVER_PATIENCE)) {
                        return lines;
                    }
                }
            } while (some.size() == UndecidedLines.MAX_LINES);
        } catch (SQLException e) {
            throw new AuditLogException("The audit database cannot be asked: " + e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new AuditLogException("Lines of earlier sessions cannot be decided.", e);
        }
        return lines;
    }

    private void catchUp() {
        if (!database.isThere()) {
            return;
        }
        try {
            awaitReadable(QUERY_PATIENCE);
        } catch (AuditLogException e) {
            LOG.debug("The database is not filled any more.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The ledger itself: how far it goes, what opening it found. */
    public FileLedger ledger() {
        return ledger;
    }

    /**
     * What signs and verifies it.
     *
     * @throws AuditLogException when this store is not signed
     */
    public LedgerEvidence evidence() {
        LedgerEvidence signed = evidence;
        if (signed == null) {
            throw new AuditLogException("This ledger is not signed.");
        }
        return signed;
    }

    /** What carries the ledger into the database: its position and how far it is behind. */
    public Projector projector() {
        return projector;
    }

    /** The words of what the ledger has. */
    public WordIndexer words() {
        return words;
    }

    /**
     * Waits until all that is in the ledger at this moment can be asked for.
     *
     * @return whether it can within this time
     */
    public boolean awaitReadable(Duration atMost) throws InterruptedException {
        long last = ledger.committed().sequence();
        return last == 0 || projector.awaitPosition(new SequenceNumber(last), atMost);
    }

    /**
     * Gives the database a moment to catch up, then closes it and the ledger. What is appended
     * meanwhile is synced, and carried at the next start. Idempotent.
     */
    @Override
    public void close() {
        try {
            if (!awaitReadable(CLOSE_PATIENCE)) {
                LOG.info("The audit database catches up with the ledger at the next start.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (AuditLogException e) {
            LOG.debug("The audit database does not follow this ledger.", e);
        }
        if (evidence != null) {
            evidence.stopRetention();
        }
        words.close();
        projector.close();
        database.close();
        ledger.close();
        if (evidence != null) {
            evidence.close();
        }
    }
}
