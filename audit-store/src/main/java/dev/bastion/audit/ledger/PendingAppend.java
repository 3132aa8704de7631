package dev.bastion.audit.ledger;

import dev.bastion.audit.SequenceNumber;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One call's records, encoded, on their way to the writer.
 *
 * @param entryBytes what they take in a segment
 * @param soon whether its sync may wait for others
 */
record PendingAppend(
        List<byte[]> payloads,
        long entryBytes,
        boolean soon,
        CompletableFuture<SequenceNumber> future) {

    static PendingAppend of(List<byte[]> payloads, boolean soon) {
        long bytes = 0;
        for (byte[] payload : payloads) {
            bytes += EntryFormat.size(payload.length);
        }
        return new PendingAppend(payloads, bytes, soon, new CompletableFuture<>());
    }
}
