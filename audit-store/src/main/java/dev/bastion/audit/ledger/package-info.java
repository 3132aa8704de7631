/**
 * The ledger: append-only, hash-chained segment files that are the truth of the audit trail.
 *
 * <p>An append goes {@link dev.bastion.audit.ledger.FileLedger} → a bounded queue → one writer
 * thread, which chains, writes and syncs a whole batch and only then completes its futures. {@link
 * dev.bastion.audit.ledger.LedgerReader} follows it, {@link
 * dev.bastion.audit.ledger.LedgerVerifier} proves it offline. The file format is in {@code
 * docs/ledger.md}. Imports nothing of the product but {@code dev.bastion.audit}.
 */
@NullMarked
package dev.bastion.audit.ledger;

import org.jspecify.annotations.NullMarked;
