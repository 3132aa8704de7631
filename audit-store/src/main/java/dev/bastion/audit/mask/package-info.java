/**
 * Secrets in what is shown: known shapes of passwords, tokens and private keys in command lines are
 * masked before anything of them is stored.
 *
 * <p>{@link dev.bastion.audit.mask.SecretMask} is the way in; {@link
 * dev.bastion.audit.mask.LineMask} masks the lines of one session in their order. Pure: no I/O, no
 * clock, no thread.
 */
@NullMarked
package dev.bastion.audit.mask;

import org.jspecify.annotations.NullMarked;
