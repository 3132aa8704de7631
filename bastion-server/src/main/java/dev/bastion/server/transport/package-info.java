/**
 * What both sides need of MINA beyond its public surface, in one place: channel packets written
 * without streams, keys as text, peers that went silent.
 */
@NullMarked
package dev.bastion.server.transport;

import org.jspecify.annotations.NullMarked;
