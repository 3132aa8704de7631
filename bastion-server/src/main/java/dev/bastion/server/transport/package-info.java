/**
 * What reaches into MINA beyond its public surface, in one place: channel packets written without
 * streams.
 */
@NullMarked
package dev.bastion.server.transport;

import org.jspecify.annotations.NullMarked;
