package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.SequenceNumber;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the ledger: takes what waits, appends it with one sync, completes its
 * futures. When that fails it keeps the batch and tries again until it can, or until it is closed
 * and the grace is over.
 */
final class LedgerWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);

    private final AppendQueue queue;
    private final SegmentAppender appender;
    private final InstantSource clock;
    private final LedgerOptions options;
    private final Listeners<AuditLogState> stateListeners = new Listeners<>();
    private final Listeners<LedgerPosition> commitListeners = new Listeners<>();

    private volatile LedgerPosition committed;
    private volatile AuditLogState state = new AuditLogState.Writable();

    LedgerWriter(
            AppendQueue queue,
            SegmentAppender appender,
            LedgerPosition committed,
            InstantSource clock,
            LedgerOptions options) {
        this.queue = queue;
        this.appender = appender;
        this.committed = committed;
        this.clock = clock;
        this.options = options;
    }

    LedgerPosition committed() {
        return committed;
    }

    AuditLogState state() {
        return state;
    }

    Listeners<AuditLogState> stateListeners() {
        return stateListeners;
    }

    Listeners<LedgerPosition> commitListeners() {
        return commitListeners;
    }

    @Override
    public void run() {
        try {
            drain();
        } catch (InterruptedException e) {
            LOG.error("The ledger's writer was interrupted; nothing more is recorded.", e);
        } catch (RuntimeException | Error e) {
            LOG.error("The ledger's writer failed; nothing more is recorded.", e);
        } finally {
            queue.close();
            appender.close();
            failWhatIsLeft();
        }
    }

    private void drain() throws InterruptedException {
        for (List<PendingAppend> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
            boolean written = false;
            try {
                written = writeUntilDone(batch);
            } finally {
                if (!written) {
                    queue.settled(batch);
                    fail(batch);
                }
            }
            if (!written) {
                return;
            }
        }
    }

    private boolean writeUntilDone(List<PendingAppend> batch) throws InterruptedException {
        long closingSince = 0;
        while (true) {
            try {
                LedgerPosition before = committed;
                committed = appender.append(batch, clock.instant());
                writable();
                queue.settled(batch);
                complete(batch, before.sequence());
                commitListeners.tell(committed);
                return true;
            } catch (IOException e) {
                unwritable(e);
            }
            if (queue.closed()) {
                long now = System.nanoTime();
                closingSince = closingSince == 0 ? now : closingSince;
                if (now - closingSince >= options.closeGrace().toNanos()) {
                    return false;
                }
                Thread.sleep(Math.clamp(options.retryInterval().toMillis(), 1, 50));
            } else {
                queue.pause(options.retryInterval());
            }
        }
    }

    private static void complete(List<PendingAppend> batch, long before) {
        long sequence = before;
        for (PendingAppend append : batch) {
            sequence += append.payloads().size();
            append.future().complete(new SequenceNumber(sequence));
        }
    }

    private void writable() {
        if (state instanceof AuditLogState.Unwritable) {
            LOG.info("The ledger can be written again.");
            change(new AuditLogState.Writable());
        }
    }

    private void unwritable(IOException cause) {
        String reason = "The ledger cannot be written: " + cause.getMessage();
        if (state instanceof AuditLogState.Unwritable before) {
            if (!before.reason().equals(reason)) {
                change(new AuditLogState.Unwritable(before.since(), reason));
            }
        } else {
            LOG.error(
                    "{}; it is tried again every {} ms.",
                    reason,
                    options.retryInterval().toMillis(),
                    cause);
            change(new AuditLogState.Unwritable(clock.instant(), reason));
        }
    }

    private void change(AuditLogState next) {
        state = next;
        stateListeners.tell(next);
    }

    private void failWhatIsLeft() {
        try {
            for (List<PendingAppend> rest = queue.take(); !rest.isEmpty(); rest = queue.take()) {
                queue.settled(rest);
                fail(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (state instanceof AuditLogState.Writable) {
            change(new AuditLogState.Unwritable(clock.instant(), "The ledger is closed."));
        }
    }

    private static void fail(List<PendingAppend> batch) {
        for (PendingAppend append : batch) {
            append.future()
                    .completeExceptionally(
                            new AuditLogException(
                                    "The ledger was closed before the record could be written."));
        }
    }
}
