/**
 * Passing the record on: each entry, as soon as it is committed, in order, to receivers outside.
 *
 * <p>{@link dev.bastion.audit.shipping.Shipping} has one shipper for each receiver; a shipper
 * follows the ledger's files from the position that it has saved, so a receiver that was away
 * misses nothing, and neither the ledger nor a session ever waits for one. An entry may arrive more
 * than once; its number tells. Imports {@code dev.bastion.audit} and its ledger only.
 */
@NullMarked
package dev.bastion.audit.shipping;

import org.jspecify.annotations.NullMarked;
