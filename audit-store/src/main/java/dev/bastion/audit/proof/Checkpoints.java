package dev.bastion.audit.proof;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import dev.bastion.audit.ledger.LedgerStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs how far the ledger goes: after so many entries, so long after an entry, and at the end; at
 * most once in {@link #LEAST_INTERVAL}. Thread-safe; the work is done by the platform thread {@code
 * ledger-checkpoints}, and an append never waits for it. It never waits for a sink.
 *
 * <p>A checkpoint is in {@code checkpoints}, synced, before it is passed on. What cannot be written
 * or passed on is logged and tried again.
 */
public final class Checkpoints implements AutoCloseable {

    /** Between two checkpoints, so that a flood of entries does not share its device with them. */
    static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);

    /** After a failure. */
    static final Duration RETRY = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final Duration RECORD_WAIT = Duration.ofSeconds(5);

    /** At the end, for each sink. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private final FileLedger ledger;
    private final ProofOptions options;
    private final InstantSource clock;
    private final LedgerKeys keys;
    private final NoteFile file;
    private final List<CheckpointDelivery> deliveries = new CopyOnWriteArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().name("ledger-checkpoints").unstarted(this::run);

    private volatile @Nullable Checkpoint last;
    private volatile long signedSequence;

    /** When the first entry came that none speaks for; 0 when there is no such entry. */
    private volatile long waitingSinceNanos;

    private volatile boolean closed;
    private final AutoCloseable subscription;

    @GuardedBy("this")
    private boolean over;

    private Checkpoints(
            FileLedger ledger,
            ProofOptions options,
            InstantSource clock,
            LedgerKeys keys,
            NoteFile file,
            @Nullable Checkpoint last) {
        this.ledger = ledger;
        this.options = options;
        this.clock = clock;
        this.keys = keys;
        this.file = file;
        this.last = last;
        this.signedSequence = last == null ? 0 : last.position().sequence();
        for (CheckpointSink sink : options.sinks()) {
            deliveries.add(CheckpointDelivery.start(sink, RETRY));
        }
        this.waitingSinceNanos =
                ledger.committed().sequence() > signedSequence ? System.nanoTime() : 0;
        this.subscription = ledger.onCommitted(this::committed);
    }

    /**
     * Begins to sign a ledger, going on after its last checkpoint.
     *
     * @throws AuditLogException with a sentence when the key cannot be used, or the last checkpoint
     *     is not about this ledger
     */
    public static Checkpoints start(
            Path ledgerFolder, FileLedger ledger, ProofOptions options, InstantSource clock) {
        try {
            LedgerKeys keys = LedgerKeys.open(ledgerFolder, options);
            NoteFile file = NoteFile.open(ledgerFolder.resolve(Evidence.CHECKPOINTS));
            Checkpoint last = last(file.read());
            if (last != null) {
                check(ledger, last);
            }
            var checkpoints = new Checkpoints(ledger, options, clock, keys, file, last);
            if (keys.isNew()) {
                checkpoints.record(keys.begin(clock.instant()), "bastion", "local");
            } else if (last == null) {
                checkpoints.recordFirstKey();
            }
            checkpoints.thread.start();
            return checkpoints;
        } catch (IOException e) {
            throw new AuditLogException("The ledger cannot be signed: " + e.getMessage(), e);
        }
    }

    /** The last that can be read; one that cannot is for the verifier to tell of. */
    private static @Nullable Checkpoint last(Notes notes) {
        Checkpoint last = null;
        for (SignedNote note : notes.readable()) {
            try {
                last = Checkpoint.of(note);
            } catch (IllegalArgumentException e) {
                LOG.warn("The file of checkpoints holds one that cannot be read.", e);
            }
        }
        return last;
    }

    private static void check(FileLedger ledger, Checkpoint last) {
        LedgerPosition at = last.position();
        if (at.sequence() > ledger.committed().sequence()) {
            throw new AuditLogException(
                    "Checkpoint %d speaks for entry %d, the ledger ends at %d: the ledger was cut, or it is another one."
                            .formatted(
                                    last.number(), at.sequence(), ledger.committed().sequence()));
        }
        if (at.sequence() <= ledger.start().position().sequence()) {
            return;
        }
        try (var reader = ledger.read(new SequenceNumber(at.sequence()))) {
            Optional<LedgerEntry> entry = reader.next();
            if (entry.isEmpty() || !entry.get().hash().equals(at.hash())) {
                throw new AuditLogException(
                        "Entry %d of the ledger is not the one that checkpoint %d speaks for: the ledger was changed, or it is another one."
                                .formatted(at.sequence(), last.number()));
            }
        }
    }

    /** On the ledger's writer: never waits. */
    private void committed(LedgerPosition at) {
        boolean first = waitingSinceNanos == 0;
        if (first) {
            waitingSinceNanos = System.nanoTime();
        }
        if (first || at.sequence() - signedSequence >= options.entries()) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            try {
                if (due()) {
                    make();
                    pause(LEAST_INTERVAL);
                } else {
                    LockSupport.parkNanos(this, untilDue());
                }
            } catch (IOException | RuntimeException e) {
                LOG.error("A checkpoint of the ledger cannot be written; it is tried again.", e);
                pause(RETRY);
            }
        }
    }

    private long untilDue() {
        long since = waitingSinceNanos;
        long interval = options.interval().toNanos();
        return Math.max(1, since == 0 ? interval : since + interval - System.nanoTime());
    }

    private boolean due() {
        long since = waitingSinceNanos;
        return since != 0
                && (ledger.committed().sequence() - signedSequence >= options.entries()
                        || System.nanoTime() - since >= options.interval().toNanos());
    }

    private void pause(Duration howLong) {
        long end = System.nanoTime() + howLong.toNanos();
        for (long left = howLong.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Makes one of all that is there now, if there is something new. */
    private synchronized void make() throws IOException {
        waitingSinceNanos = 0;
        LedgerPosition at = ledger.committed();
        Checkpoint before = last;
        if (over || at.sequence() <= signedSequence) {
            return;
        }
        SigningKey key = keys.key();
        long number = before == null ? 1 : before.number() + 1;
        SignedNote note = key.sign(Checkpoint.text(key.node(), number, at, clock.instant()));
        try {
            file.append(note);
        } catch (IOException e) {
            waitingSinceNanos = System.nanoTime();
            throw e;
        }
        Checkpoint made = Checkpoint.of(note);
        last = made;
        signedSequence = at.sequence();
        deliveries.forEach(delivery -> delivery.pass(made));
    }

    /** Passes on the newest checkpoint and all that follow. */
    public void addSink(CheckpointSink sink) {
        CheckpointDelivery delivery = CheckpointDelivery.start(sink, RETRY);
        deliveries.add(delivery);
        newest().ifPresent(delivery::pass);
    }

    /** Makes one of all that there is now, unless there is one of it. */
    public void signNow() {
        try {
            make();
        } catch (IOException e) {
            throw new AuditLogException("A checkpoint cannot be written: " + e.getMessage(), e);
        }
    }

    /** The newest one, if there is one. */
    public Optional<Checkpoint> newest() {
        return Optional.ofNullable(last);
    }

    /** Whose signatures are believed here. */
    public synchronized VerifierKey publicKey() {
        return keys.key().publicKey();
    }

    /**
     * Makes a new signing key and destroys the old one, after a last checkpoint of the old one and
     * after the change was recorded.
     *
     * @return the new public key
     * @throws AuditLogException with a sentence when that is not possible; then the old one stays
     */
    public synchronized VerifierKey rotate(String actor, String from) {
        try {
            make();
            return keys.change(
                    ledger.committed(), clock.instant(), change -> record(change, actor, from));
        } catch (IOException e) {
            throw new AuditLogException("The key cannot be changed: " + e.getMessage(), e);
        }
    }

    /**
     * Signs that entries are removed, and takes their checkpoints away. Durable when this returns;
     * the entries go after that.
     *
     * @param first that goes
     * @throws IOException when it cannot be written; then nothing may be removed
     */
    public synchronized void bury(Path ledgerFolder, long first, LedgerStart start, String reason)
            throws IOException {
        make();
        List<SignedNote> kept = new ArrayList<>();
        long firstKept = Long.MAX_VALUE;
        for (Notes.Entry entry : file.read().entries()) {
            if (!(entry instanceof Notes.Entry.Legible readable)) {
                throw new IOException("the file of checkpoints is damaged, so nothing is removed");
            }
            Checkpoint checkpoint = Checkpoint.of(readable.note());
            if (checkpoint.position().sequence() > start.position().sequence()) {
                kept.add(readable.note());
                firstKept = Math.min(firstKept, checkpoint.number());
            }
        }
        if (kept.isEmpty()) {
            throw new IOException("no checkpoint speaks for what would be left");
        }
        SigningKey key = keys.key();
        String text =
                Tombstone.text(key.node(), first, start, firstKept - 1, clock.instant(), reason);
        try (NoteFile removed = NoteFile.open(ledgerFolder.resolve(Evidence.REMOVED))) {
            removed.append(key.sign(text));
        }
        file.replace(kept);
    }

    /**
     * A kill between the first key's note and its record leaves a ledger without the record; no
     * checkpoint is made before it.
     */
    private void recordFirstKey() throws IOException {
        Optional<KeyChange> first = keys.onlyFirst();
        if (first.isEmpty() || ledger.start().position().sequence() > 0) {
            return;
        }
        KeyChange change = first.get();
        if (!isRecorded(change)) {
            LOG.warn(
                    "A kill came before the ledger's signing key was recorded in it; that is done"
                            + " now.");
            record(change, "bastion", "local");
        }
    }

    private boolean isRecorded(KeyChange change) throws IOException {
        try (var reader = ledger.read(new SequenceNumber(1))) {
            for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                if (entry.get().record() instanceof AuditRecord.SigningKeyChanged known) {
                    if (!known.key().equals(change.key().toString())) {
                        throw new IOException(
                                "entry %s names another key than %s does, and no checkpoint says which is right"
                                        .formatted(entry.get().sequence().value(), Evidence.KEYS));
                    }
                    return true;
                }
            }
            return false;
        }
    }

    private void record(KeyChange change, String actor, String from) {
        var record =
                new AuditRecord.SigningKeyChanged(
                        change.time(),
                        actor,
                        from,
                        change.key().toString(),
                        change.note().toString());
        try {
            ledger.append(record).get(RECORD_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditLogException("The ledger was not waited for.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AuditLogException("The ledger cannot be written.", e);
        }
    }

    /** Ends as a kill would, without a last one; for tests. */
    void abandon() throws Exception {
        synchronized (this) {
            over = true;
        }
        close();
    }

    /**
     * Signs what has come since the last one, and ends. For when the ledger has been closed.
     * Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            subscription.close();
            thread.join();
            make();
            for (CheckpointDelivery delivery : deliveries) {
                delivery.close(LAST_WAIT);
            }
            synchronized (this) {
                over = true;
            }
            file.close();
            keys.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.error("The last checkpoint of the ledger could not be written.", e);
        }
    }
}
