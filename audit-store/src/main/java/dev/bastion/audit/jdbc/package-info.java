/**
 * The audit log that people query: schema {@code audit}, filled from the ledger and rebuilt from it
 * when it is lost.
 *
 * <p>{@link dev.bastion.audit.jdbc.AuditStore} puts the parts together: ledger → {@link
 * dev.bastion.audit.jdbc.Projector} → {@link dev.bastion.audit.jdbc.AuditDatabase} → {@link
 * dev.bastion.audit.jdbc.JdbcAuditReader}. Nothing but the projector writes the schema. A database
 * that is away delays what auditors see and nothing else.
 */
@NullMarked
package dev.bastion.audit.jdbc;

import org.jspecify.annotations.NullMarked;
