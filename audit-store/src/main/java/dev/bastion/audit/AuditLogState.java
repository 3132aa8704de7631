package dev.bastion.audit;

import java.time.Instant;

/** Whether records can be made durable now. Immutable. */
public sealed interface AuditLogState {

    /** Appends are being made durable. */
    record Writable() implements AuditLogState {}

    /**
     * Nothing can be made durable; the writer keeps trying.
     *
     * @param since when the first write failed
     * @param reason a sentence for an administrator, e.g. that the disk is full
     */
    record Unwritable(Instant since, String reason) implements AuditLogState {}
}
