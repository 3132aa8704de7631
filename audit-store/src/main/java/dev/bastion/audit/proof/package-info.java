/**
 * What proves the ledger: signed checkpoints and statements, the keys that sign them, and the
 * verifier, which needs a copy of the ledger and the public key and nothing else.
 *
 * <p>{@link dev.bastion.audit.proof.Checkpoints} follows the ledger and signs how far it goes,
 * never on the path of an append; {@link dev.bastion.audit.proof.LedgerProof} verifies, and {@link
 * dev.bastion.audit.proof.Verify} is it as a program. The formats are in {@code docs/ledger.md}.
 * Imports nothing of the product but {@code dev.bastion.audit} and {@code
 * dev.bastion.audit.ledger}.
 */
@NullMarked
package dev.bastion.audit.proof;

import org.jspecify.annotations.NullMarked;
