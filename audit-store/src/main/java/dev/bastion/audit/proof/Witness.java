package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.LedgerPosition;

/**
 * Somebody who knows an entry's hash. Immutable.
 *
 * @param name begins a sentence
 */
public record Witness(String name, LedgerPosition position) {}
