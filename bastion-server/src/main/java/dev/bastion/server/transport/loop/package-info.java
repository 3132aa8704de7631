/**
 * Sockets on a few threads: MINA's transport as selector loops, so that a session's two connections
 * are served by one thread, without a hand-over between them.
 */
@NullMarked
package dev.bastion.server.transport.loop;

import org.jspecify.annotations.NullMarked;
