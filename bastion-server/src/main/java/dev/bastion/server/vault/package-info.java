/** Stored secrets: sealed under the master key, opened for one connection, never shown again. */
@NullMarked
package dev.bastion.server.vault;

import org.jspecify.annotations.NullMarked;
