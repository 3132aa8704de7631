package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerPosition;
import dev.bastion.audit.proof.Checkpoint;
import dev.bastion.audit.proof.Checkpoints;
import dev.bastion.audit.proof.FolderEvidence;
import dev.bastion.audit.proof.LedgerExport;
import dev.bastion.audit.proof.LedgerProof;
import dev.bastion.audit.proof.ProofOptions;
import dev.bastion.audit.proof.ProofReport;
import dev.bastion.audit.proof.Witness;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signs an open ledger, and verifies and exports it while it is written. Thread-safe;
 * verifying and exporting run on the caller's thread and keep nobody waiting.
 */
public final class LedgerEvidence implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerEvidence.class);
    private static final Duration RECORD_WAIT = Duration.ofSeconds(5);
    private static final Duration CATCH_UP = Duration.ofSeconds(30);

    private final FileLedger ledger;
    private final RetriedDatabase database;
    private final FolderEvidence files;
    private final Checkpoints checkpoints;
    private final Projector projector;
    private final InstantSource clock;

    /** Held for writing while something is removed, for reading by whoever needs that it stays. */
    private final ReentrantReadWriteLock removing = new ReentrantReadWriteLock();

    private @Nullable ScheduledExecutorService daily;

    private LedgerEvidence(
            FileLedger ledger,
            RetriedDatabase database,
            Projector projector,
            FolderEvidence files,
            Checkpoints checkpoints,
            InstantSource clock) {
        this.projector = projector;
        this.clock = clock;
        this.ledger = ledger;
        this.database = database;
        this.files = files;
        this.checkpoints = checkpoints;
    }

    static LedgerEvidence start(
            Path ledgerFolder,
            FileLedger ledger,
            RetriedDatabase database,
            Projector projector,
            ProofOptions options,
            InstantSource clock) {
        return new LedgerEvidence(
                ledger,
                database,
                projector,
                new FolderEvidence(ledgerFolder, options.recordings()),
                Checkpoints.start(ledgerFolder, ledger, options, clock),
                clock);
    }

    /** What signs it. */
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    /** Entries that there are now; for progress. */
    public long entries() {
        return ledger.committed().sequence();
    }

    /**
     * Signs and verifies all that is in the ledger at this moment. What the database and this
     * process know of it are witnesses.
     *
     * @param progress is told the number of an entry now and then
     */
    public ProofReport verify(LongConsumer progress) {
        checkpoints.signNow();
        List<Witness> others = new ArrayList<>();
        databasePosition().ifPresent(at -> others.add(new Witness("The audit database", at)));
        List<Checkpoint> own = checkpoints.newest().stream().toList();
        removing.readLock().lock();
        try {
            return new LedgerProof(files, checkpoints.publicKey(), progress)
                    .run(own, others, this::entries);
        } catch (IOException e) {
            throw new AuditLogException("The ledger cannot be read: " + e.getMessage(), e);
        } finally {
            removing.readLock().unlock();
        }
    }

    private Optional<LedgerPosition> databasePosition() {
        try {
            LedgerPosition at = ProjectionTransaction.position(database.current());
            return at.sequence() == 0 ? Optional.empty() : Optional.of(at);
        } catch (SQLException | AuditLogException e) {
            return Optional.empty();
        }
    }

    /** Writes what an offline verifier needs; the stream is not closed. */
    public void export(OutputStream out, boolean recordings) throws IOException {
        removing.readLock().lock();
        try {
            LedgerExport.write(
                    files, checkpoints.publicKey(), ledger.start(), this::entries, recordings, out);
        } finally {
            removing.readLock().unlock();
        }
    }

    /**
     * Holds that are not released.
     *
     * @throws AuditLogException with a sentence when the database is away or behind
     */
    public List<Hold> holds() {
        try {
            awaitCarried();
            return HoldRows.active(database.current());
        } catch (SQLException e) {
            throw new AuditLogException("The audit database cannot be asked: " + e.getMessage(), e);
        }
    }

    /** Records a hold, or its end. What runs removing something is waited for. */
    public void record(AuditRecord record) {
        removing.readLock().lock();
        try {
            ledger.append(record).get(RECORD_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditLogException("The ledger was not waited for.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AuditLogException("The ledger cannot be written.", e);
        } finally {
            removing.readLock().unlock();
        }
    }

    private long awaitCarried() {
        long last = ledger.committed().sequence();
        try {
            if (last > 0 && !projector.awaitPosition(new SequenceNumber(last), CATCH_UP)) {
                throw new AuditLogException("The audit database is behind the ledger.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditLogException("The audit database was not waited for.", e);
        }
        return last;
    }

    /**
     * Removes what is too old or too much at this moment. Waits for whoever verifies or exports.
     *
     * @return how many entries went
     * @throws AuditLogException with a sentence when that is not possible now
     */
    public long removeOld(RetentionOptions options) {
        return removeOld(options, Long.MAX_VALUE);
    }

    /**
     * The same.
     *
     * @param needed the oldest entry that somebody else needs; it and what follows stays
     */
    private long removeOld(RetentionOptions options, long needed) {
        removing.writeLock().lock();
        try {
            return new Retention(
                            ledger,
                            database.current(),
                            files,
                            options,
                            this::record,
                            clock.instant())
                    .run(
                            Math.min(awaitCarried(), needed - 1),
                            (first, start, reason) ->
                                    checkpoints.bury(files.ledger(), first, start, reason));
        } catch (IOException | SQLException e) {
            throw new AuditLogException("Nothing more is removed: " + e.getMessage(), e);
        } finally {
            removing.writeLock().unlock();
        }
    }

    /**
     * Removes what is too old or too much now and each day, on a thread of its own.
     *
     * @param oldestNeeded the oldest entry that those to whom the record is passed on have to get;
     *     it and what follows stays
     */
    public synchronized void keep(RetentionOptions options, Supplier<OptionalLong> oldestNeeded) {
        if (options.keepsAll() || daily != null) {
            return;
        }
        ScheduledExecutorService scheduled =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("audit-retention").factory());
        daily = scheduled;
        var _ =
                scheduled.scheduleWithFixedDelay(
                        () -> {
                            try {
                                removeOld(options, oldestNeeded.get().orElse(Long.MAX_VALUE));
                            } catch (RuntimeException e) {
                                LOG.error("Retention failed; it is tried again in a day.", e);
                            }
                        },
                        0,
                        1,
                        TimeUnit.DAYS);
    }

    /** Waits for a removal under way, a minute at most. */
    synchronized void stopRetention() {
        ScheduledExecutorService scheduled = daily;
        if (scheduled != null) {
            scheduled.shutdown();
            try {
                if (!scheduled.awaitTermination(1, TimeUnit.MINUTES)) {
                    LOG.warn("Retention did not end.");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** After the ledger was closed: signs the last of it. Idempotent. */
    @Override
    public void close() {
        checkpoints.close();
    }
}
