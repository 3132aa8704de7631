/**
 * Ciphers for MINA that are faster than its own and write the same bytes. Entry class {@link
 * dev.bastion.server.transport.cipher.FastCiphers}; with the system property {@code
 * bastion.ciphers=mina} MINA's own are used.
 */
@NullMarked
package dev.bastion.server.transport.cipher;

import org.jspecify.annotations.NullMarked;
