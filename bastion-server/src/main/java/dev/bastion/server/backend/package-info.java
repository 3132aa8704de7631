/** The host's side: MINA's client, pinned host keys, connecting and authenticating. */
@NullMarked
package dev.bastion.server.backend;

import org.jspecify.annotations.NullMarked;
