package dev.bastion.audit.shipping;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.Backoff;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.FollowedPosition;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.audit.shipping.ShipperState.Condition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the ledger for one receiver, at least once and in order. Thread-safe; the work is done by
 * a daemon thread, which a commit of the ledger wakes and which alone waits for the receiver.
 *
 * <p>It holds one batch of entries and no queue: what a receiver has not had is in the ledger.
 */
final class Shipper implements AutoCloseable {

    /** One batch ends after the entry that reaches it: 256 KiB. */
    static final long BATCH_BYTES = 256 << 10;

    static final int BATCH_ENTRIES = 1_000;

    /**
     * So long an entry waits for others, and so that this does not work at the very moment when the
     * line just recorded goes on to its host.
     */
    private static final Duration GATHER = Duration.ofMillis(20);

    /** A position is saved, and a file synced, at most once in so long. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    /** A receiver that held for so long was there; what fails after it is a new failure. */
    private static final Duration HELD = Duration.ofSeconds(10);

    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);

    private final FileLedger ledger;
    private final String name;
    private final Receiver receiver;
    private final PositionFile file;
    private final Thread thread;

    private volatile LedgerPosition saved;
    private volatile long passed;
    private volatile Condition condition = Condition.NOT_RUNNING;
    private volatile String error = "";
    private volatile boolean closed;

    /** Used by the thread alone. */
    private boolean unsaved;

    private volatile @Nullable AutoCloseable subscription;

    Shipper(FileLedger ledger, String name, Receiver receiver, PositionFile file) {
        this.ledger = ledger;
        this.name = name;
        this.receiver = receiver;
        this.file = file;
        this.saved = file.read();
        this.passed = saved.sequence();
        this.thread = Thread.ofPlatform().daemon().name("audit-shipping").unstarted(this::run);
    }

    /** Begins to follow. Called once. */
    void start() {
        condition = Condition.AWAY;
        subscription = ledger.onCommitted(to -> LockSupport.unpark(thread));
        thread.start();
    }

    ShipperState state() {
        long at = passed;
        return new ShipperState(
                name,
                condition,
                at,
                saved.sequence(),
                Math.max(0, ledger.committed().sequence() - at),
                error);
    }

    /**
     * The oldest entry that is still to be passed on, or may have to be once more; or the one
     * before it, by whose hash the ledger is known again. All, while its position is not one of
     * this ledger.
     */
    long oldestNeeded() {
        return condition == Condition.STOPPED ? 1 : Math.max(1, saved.sequence());
    }

    private void run() {
        int failures = 0;
        while (!closed) {
            long began = System.nanoTime();
            try {
                FollowedPosition.check(ledger, saved, "receiver " + name);
            } catch (AuditLogException e) {
                stopped(e);
                pause(Backoff.TEN_SECONDS.longest());
                continue;
            }
            try {
                follow();
            } catch (IOException | RuntimeException e) {
                boolean held = System.nanoTime() - began > HELD.toNanos();
                failures = held ? 1 : failures + 1;
                failed(e, failures);
            }
            leave();
            if (!closed) {
                pause(Backoff.TEN_SECONDS.after(Math.max(1, failures)));
            }
        }
    }

    private void follow() throws IOException {
        LedgerPosition start = ledger.start().position();
        LedgerPosition from = saved.sequence() < start.sequence() ? start : saved;
        passed = from.sequence();
        receiver.open(from);
        try (LedgerReader reader = ledger.read(new SequenceNumber(from.sequence() + 1))) {
            long settled = System.nanoTime();
            List<LedgerEntry> batch = batch(reader);
            while (!closed) {
                if (!batch.isEmpty()) {
                    hand(batch);
                }
                works();
                if (System.nanoTime() - settled >= SETTLE.toNanos()) {
                    settle();
                    settled = System.nanoTime();
                }
                batch = batch(reader);
                if (batch.isEmpty()) {
                    await(settled + SETTLE.toNanos());
                    batch = batch(reader);
                }
            }
            drain(reader, batch);
            settle();
        }
    }

    /** What the ledger has when it is closed is passed on before we go, if that is soon done. */
    private void drain(LedgerReader reader, List<LedgerEntry> first) throws IOException {
        long end = System.nanoTime() + DRAIN.toNanos();
        List<LedgerEntry> batch = first.isEmpty() ? batch(reader) : first;
        while (!batch.isEmpty() && System.nanoTime() < end) {
            hand(batch);
            batch = batch(reader);
        }
    }

    private void hand(List<LedgerEntry> batch) throws IOException {
        receiver.take(batch);
        passed = batch.getLast().sequence().value();
    }

    /** Until there is more, or it is time to settle; then a moment for others to come. */
    private void await(long until) {
        long left = until - System.nanoTime();
        if (left > 0 && !closed && ledger.committed().sequence() == passed) {
            LockSupport.parkNanos(left);
        }
        pause(GATHER);
    }

    private static List<LedgerEntry> batch(LedgerReader reader) {
        List<LedgerEntry> batch = new ArrayList<>();
        long bytes = 0;
        while (batch.size() < BATCH_ENTRIES && bytes < BATCH_BYTES) {
            Optional<LedgerEntry> entry = reader.next();
            if (entry.isEmpty()) {
                break;
            }
            batch.add(entry.get());
            bytes += entry.get().payloadBytes();
        }
        return batch;
    }

    private void settle() throws IOException {
        receiver.settle();
        save();
    }

    /** A position that cannot be saved costs doubles after the next start, and nothing now. */
    private void save() {
        LedgerPosition safe = receiver.safe();
        if (safe.sequence() <= saved.sequence()) {
            return;
        }
        try {
            file.write(safe);
            saved = safe;
            unsaved = false;
        } catch (IOException e) {
            if (!unsaved) {
                LOG.warn("The position of {} cannot be saved: {}", name, e.getMessage());
            }
            unsaved = true;
        }
    }

    private void works() {
        if (condition != Condition.FOLLOWING) {
            LOG.info("Entries are passed on to {}.", name);
            condition = Condition.FOLLOWING;
            error = "";
        }
    }

    private void stopped(AuditLogException cause) {
        String reason =
                cause.getMessage()
                        + " To begin with the first entry, remove "
                        + file.path()
                        + " and start again.";
        if (!reason.equals(error)) {
            LOG.error("Nothing is passed on to {}. {}", name, reason);
        }
        condition = Condition.STOPPED;
        error = reason;
    }

    private void failed(Exception cause, int inARow) {
        String reason = cause.getMessage();
        condition = Condition.AWAY;
        error = reason == null ? cause.toString() : reason;
        if (!closed && Backoff.isTold(inARow)) {
            LOG.warn(
                    "Entries cannot be passed on to {}; it is tried again (failure {} in a row): {}",
                    name,
                    inARow,
                    error);
            LOG.debug("In full:", cause);
        }
    }

    /** What is safe is remembered, even of a receiver that failed. */
    private void leave() {
        save();
        try {
            receiver.close();
        } catch (IOException e) {
            LOG.debug("{} could not be left cleanly.", name, e);
        }
    }

    private void pause(Duration howLong) {
        long end = System.nanoTime() + howLong.toNanos();
        for (long left = howLong.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Asks it to end, and does not wait. */
    void finish() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /**
     * Ends when all is passed on that the ledger has, or after two seconds, or after five when the
     * receiver does not read; the rest is passed on after the next start. Idempotent.
     */
    @Override
    public void close() {
        finish();
        AutoCloseable subscribed = subscription;
        subscription = null;
        try {
            if (subscribed != null) {
                subscribed.close();
                if (!thread.join(CLOSE_PATIENCE)) {
                    LOG.warn("{} does not read; it is given the rest after the next start.", name);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("Passing on to {} could not be ended cleanly.", name, e);
        }
    }
}
