package dev.bastion.audit.words;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.FollowedPosition;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import dev.bastion.audit.ledger.LedgerReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.lucene.store.AlreadyClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the ledger's words into the index. Thread-safe; the work is done by the platform thread
 * {@code audit-words}, which looks once a second whether there is more, and at once when somebody
 * waits for an entry.
 *
 * <p>An index that is damaged, or that follows another ledger, is deleted and made anew; one that
 * cannot be written is tried again for ever. Nothing else waits for it. The index is synced at most
 * once a minute and when this is closed; what a crash takes from it is read again.
 */
public final class WordIndexer implements Words, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WordIndexer.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration BACKOFF = Duration.ofSeconds(10);
    private static final Duration BETWEEN_COMMITS = Duration.ofMinutes(1);

    /**
     * While nobody searches. Each time makes a segment of the index, some ten milliseconds of work
     * that otherwise fall between somebody's keys; a search sees to it itself.
     */
    private static final Duration BETWEEN_REFRESHES = Duration.ofSeconds(10);

    /** So long a search waits for what is in the ledger already; then it tells what there is. */
    private static final Duration SEARCH_PATIENCE = Duration.ofSeconds(1);

    /** Entries after which whoever waits sees what is there. */
    private static final int STEP_ENTRIES = 5_000;

    private final FileLedger ledger;
    private final Path folder;
    private final Thread thread = Thread.ofPlatform().name("audit-words").unstarted(this::run);
    private final Object moved = new Object();

    @GuardedBy("moved")
    private long searchable;

    private volatile boolean waited;
    private volatile boolean closed;
    private volatile @Nullable WordIndex open;
    private volatile String absence = "The index of words is not open yet.";

    /**
     * @param folder of the index alone, made when it is not there
     */
    public WordIndexer(FileLedger ledger, Path folder) {
        this.ledger = ledger;
        this.folder = folder;
    }

    /** Starts to follow the ledger. Called once. */
    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (WordIndex index = opened()) {
                open = index;
                follow(index);
                index.commit();
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    absence = "The index of words is away: " + e.getMessage();
                    LOG.warn("The index of words cannot be filled and is tried again.", e);
                }
            } finally {
                open = null;
            }
            if (!closed) {
                LockSupport.parkNanos(BACKOFF.toNanos());
            }
        }
    }

    private WordIndex opened() throws IOException {
        WordIndex index;
        try {
            index = WordIndex.open(folder);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("The index of words cannot be opened and is made anew.", e);
            delete();
            return WordIndex.open(folder);
        }
        if (follows(index.position())) {
            return index;
        }
        LOG.warn("The index of words follows another ledger and is made anew.");
        index.close();
        delete();
        return WordIndex.open(folder);
    }

    private boolean follows(LedgerPosition at) {
        try {
            FollowedPosition.check(ledger, at, "index of words");
            return true;
        } catch (AuditLogException e) {
            LOG.warn("{}", e.getMessage());
            return false;
        }
    }

    private void delete() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
    }

    private void follow(WordIndex index) throws IOException {
        long committedNanos = System.nanoTime();
        long refreshedNanos = committedNanos;
        long committed = index.position().sequence();
        searchable(index.position().sequence());
        long dropped = 0;
        long before = Math.max(committed, ledger.start().position().sequence());
        try (LedgerReader reader = ledger.read(new SequenceNumber(before + 1))) {
            while (!closed) {
                long start = ledger.start().position().sequence();
                if (start > dropped) {
                    index.removeUpTo(start);
                    dropped = start;
                }
                boolean more = step(index, reader);
                if (waited || isOlder(refreshedNanos, BETWEEN_REFRESHES)) {
                    waited = false;
                    index.refresh();
                    searchable(index.position().sequence());
                    refreshedNanos = System.nanoTime();
                }
                if (isOlder(committedNanos, BETWEEN_COMMITS)
                        && index.position().sequence() > committed) {
                    index.commit();
                    committed = index.position().sequence();
                    committedNanos = System.nanoTime();
                }
                if (!more && !waited) {
                    LockSupport.parkNanos(LOOK.toNanos());
                }
            }
        }
    }

    private static boolean isOlder(long nanos, Duration than) {
        return System.nanoTime() - nanos > than.toNanos();
    }

    /**
     * @return whether there may be more at this moment
     */
    private static boolean step(WordIndex index, LedgerReader reader) throws IOException {
        for (int i = 0; i < STEP_ENTRIES; i++) {
            Optional<LedgerEntry> entry = reader.next();
            if (entry.isEmpty()) {
                return false;
            }
            index.add(entry.get());
        }
        return true;
    }

    private void searchable(long entry) {
        synchronized (moved) {
            searchable = entry;
            moved.notifyAll();
        }
    }

    /**
     * Waits until what the ledger has now can be found.
     *
     * @return whether it can within this time
     */
    public boolean awaitSearchable(Duration atMost) throws InterruptedException {
        long wanted = ledger.committed().sequence();
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (moved) {
            while (searchable < wanted && !closed) {
                waited = true;
                LockSupport.unpark(thread);
                long leftMillis = (end - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    return false;
                }
                moved.wait(leftMillis);
            }
            return searchable >= wanted;
        }
    }

    @Override
    public long[] newest(WordQuery query, long from, long to, int atMost) {
        return search(query, from, to, atMost, true);
    }

    @Override
    public long[] oldest(WordQuery query, long from, long to, int atMost) {
        return search(query, from, to, atMost, false);
    }

    private long[] search(WordQuery query, long from, long to, int atMost, boolean newestFirst) {
        try {
            if (!awaitSearchable(SEARCH_PATIENCE)) {
                LOG.debug("The index of words is behind the ledger.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        WordIndex index = open;
        if (index == null) {
            throw new AuditLogException(absence);
        }
        try {
            return index.search(query, from, to, atMost, newestFirst);
        } catch (IllegalArgumentException e) {
            throw new AuditLogException(String.valueOf(e.getMessage()), e);
        } catch (IOException | AlreadyClosedException e) {
            throw new AuditLogException("The index of words cannot be asked.", e);
        }
    }

    /** Ends after the step under way and syncs the index. Idempotent. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
