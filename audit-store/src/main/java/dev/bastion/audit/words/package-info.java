/**
 * The words of the audit log: which command lines and which operations on files hold a word,
 * answered without reading them all.
 *
 * <p>{@link dev.bastion.audit.words.WordIndexer} follows the ledger as the projector of the
 * database does, into a {@link dev.bastion.audit.words.WordIndex}; {@link
 * dev.bastion.audit.words.Words} is how the reader asks it for entries, whose rows it then takes
 * from the database. The index is derived: lost or damaged, it is made anew from the ledger. It
 * knows no SQL and no SSH.
 */
@NullMarked
package dev.bastion.audit.words;

import org.jspecify.annotations.NullMarked;
