package dev.bastion.audit.jdbc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.Backoff;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.FollowedPosition;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import dev.bastion.audit.ledger.LedgerReader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the ledger into the database, each entry exactly once: the rows of a batch and the new
 * position are one transaction. Thread-safe; the work is done by the platform thread {@code
 * audit-projector}, which a commit of the ledger wakes.
 *
 * <p>When the database fails it waits and tries again for ever; the ledger does not notice. When
 * the database knows of entries that the ledger does not have, it stops and says so: then the
 * ledger was cut or is another one.
 */
public final class Projector implements AutoCloseable {

    /** One transaction holds at most so many entries. */
    static final int MAX_BATCH_ENTRIES = 1_000;

    /** 4 MiB: one transaction ends after the entry that reaches it. */
    static final long MAX_BATCH_BYTES = 4 << 20;

    /**
     * So long an entry waits for others before it is carried: the database then commits at most a
     * hundred times a second, and not at the very moment when the line just recorded goes on to its
     * host.
     */
    static final Duration GATHER = Duration.ofMillis(10);

    /** A stream of entries is one of so many in {@link #GATHER}, not one of a person's lines. */
    static final int STREAM_ENTRIES = 2;

    /**
     * So long entries of a stream wait for others: a transaction costs as much as some fifty rows.
     * Whoever waits for one with {@link #awaitPosition} ends that.
     */
    static final Duration GATHER_STREAM = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(Projector.class);
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final FileLedger ledger;
    private final DatabaseSource source;
    private final Backoff backoff;
    private final Thread thread = Thread.ofPlatform().name("audit-projector").unstarted(this::run);
    private final AtomicLong behindSinceNanos = new AtomicLong();
    private final AtomicInteger waiters = new AtomicInteger();
    private final Object moved = new Object();

    private volatile long position;
    private volatile boolean closed;
    private volatile @Nullable AuditLogException refusal;
    private volatile @Nullable AutoCloseable subscription;

    Projector(FileLedger ledger, DatabaseSource source, Backoff backoff) {
        this.ledger = ledger;
        this.source = source;
        this.backoff = backoff;
    }

    /** Starts to follow the ledger. Called once. */
    void start() {
        behindSinceNanos.set(System.nanoTime());
        subscription =
                ledger.onCommitted(to -> {
                    behindSinceNanos.compareAndSet(0, System.nanoTime());
                    LockSupport.unpark(thread);
                });
        thread.start();
    }

    /**
     * Checks that the database follows this ledger.
     *
     * @throws AuditLogException when the ledger was cut or is another one
     */
    static LedgerPosition check(FileLedger ledger, DataSource database) throws SQLException {
        LedgerPosition at = ProjectionTransaction.position(database);
        FollowedPosition.check(ledger, at, "audit database");
        return at;
    }

    private void run() {
        int failures = 0;
        while (!closed) {
            long before = position;
            try {
                DataSource database = source.open();
                try {
                    LedgerPosition at = check(ledger, database);
                    // Of entries that retention had removed when a kill came before their rows.
                    HoldRows.deleteUpTo(database, ledger.start().position().sequence());
                    position(at);
                } catch (AuditLogException e) {
                    refuse(e);
                    return;
                }
                follow(database);
            } catch (SQLException e) {
                failures = position > before ? 1 : failures + 1;
                failed(e, failures);
            } catch (RuntimeException e) {
                failures = position > before ? 1 : failures + 1;
                complain(e, failures);
            }
            if (!closed && failures > 0) {
                pause(backoff.after(failures), false);
            }
        }
    }

    private void follow(DataSource database) throws SQLException {
        LedgerPosition at = ProjectionTransaction.position(database);
        LedgerPosition start = ledger.start().position();
        if (at.sequence() < start.sequence()) {
            // A new or an older database: what was removed is in the ledger no more.
            ProjectionTransaction.skip(database, at, start);
            at = start;
        }
        try (LedgerReader reader = ledger.read(new SequenceNumber(at.sequence() + 1))) {
            while (!closed) {
                gather(at.sequence());
                List<LedgerEntry> batch = batch(reader);
                if (batch.isEmpty()) {
                    behindSinceNanos.set(0);
                    if (ledger.committed().sequence() == at.sequence()) {
                        LockSupport.parkNanos(IDLE.toNanos());
                    }
                } else {
                    ProjectionTransaction.apply(database, at, batch);
                    at = batch.getLast().position();
                    position(at);
                }
            }
        }
    }

    private void gather(long at) {
        long steps = GATHER_STREAM.dividedBy(GATHER);
        for (long step = 0, least = 1; step < steps; step++, least = STREAM_ENTRIES) {
            long behind = ledger.committed().sequence() - at;
            if (behind < least || behind >= MAX_BATCH_ENTRIES || waiters.get() > 0 || closed) {
                return;
            }
            pause(GATHER, true);
        }
    }

    private static List<LedgerEntry> batch(LedgerReader reader) {
        List<LedgerEntry> batch = new ArrayList<>();
        long bytes = 0;
        while (batch.size() < MAX_BATCH_ENTRIES && bytes < MAX_BATCH_BYTES) {
            Optional<LedgerEntry> entry = reader.next();
            if (entry.isEmpty()) {
                break;
            }
            batch.add(entry.get());
            bytes += entry.get().payloadBytes();
        }
        return batch;
    }

    private void position(LedgerPosition at) {
        synchronized (moved) {
            position = at.sequence();
            moved.notifyAll();
        }
    }

    private void refuse(AuditLogException e) {
        LOG.error("The audit database is not filled any more. {}", e.getMessage());
        synchronized (moved) {
            refusal = e;
            moved.notifyAll();
        }
    }

    private void failed(SQLException e, int inARow) {
        complain(e, inARow);
        try {
            source.failed(e, inARow);
        } catch (AuditLogException problem) {
            LOG.warn("{}", problem.getMessage());
        }
    }

    private void complain(Exception e, int inARow) {
        if (!closed && Backoff.isTold(inARow)) {
            LOG.warn(
                    "The audit database cannot be filled and is tried again (failure {} in a row):"
                            + " {}",
                    inARow,
                    String.valueOf(e.getMessage()),
                    e);
        }
    }

    /**
     * Waits until it is over or this is closed, whatever else wakes the thread.
     *
     * @param hurried whether somebody who waits for an entry ends it
     */
    private void pause(Duration howLong, boolean hurried) {
        long end = System.nanoTime() + howLong.toNanos();
        for (long left = howLong.toNanos();
                left > 0 && !closed && !(hurried && waiters.get() > 0);
                left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** The last entry that the database is known to hold; 0 when there is none. */
    public long position() {
        return position;
    }

    /** For how long there have been entries in the ledger that the database does not have. */
    public Duration lag() {
        long since = behindSinceNanos.get();
        return since == 0 || position >= ledger.committed().sequence()
                ? Duration.ZERO
                : Duration.ofNanos(System.nanoTime() - since);
    }

    /**
     * Waits until the database holds this entry, so that a query then sees it.
     *
     * @return whether it does within this time
     * @throws AuditLogException when it never will, since the ledger is not the one it followed
     */
    public boolean awaitPosition(SequenceNumber entry, Duration atMost)
            throws InterruptedException {
        synchronized (moved) {
            if (position >= entry.value()) {
                return true;
            }
            waiters.incrementAndGet();
            LockSupport.unpark(thread);
            try {
                return awaitMoved(entry.value(), System.nanoTime() + atMost.toNanos());
            } finally {
                waiters.decrementAndGet();
            }
        }
    }

    @GuardedBy("moved")
    private boolean awaitMoved(long entry, long end) throws InterruptedException {
        while (position < entry) {
            AuditLogException refused = refusal;
            if (refused != null) {
                throw new AuditLogException(String.valueOf(refused.getMessage()), refused);
            }
            long leftMillis = (end - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            moved.wait(leftMillis);
        }
        return true;
    }

    /** Ends after the batch under way; the rest is carried at the next start. Idempotent. */
    @Override
    public void close() {
        closed = true;
        AutoCloseable subscribed = subscription;
        subscription = null;
        try {
            if (subscribed != null) {
                subscribed.close();
            }
            LockSupport.unpark(thread);
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("The projector could not be ended cleanly.", e);
        }
    }
}
