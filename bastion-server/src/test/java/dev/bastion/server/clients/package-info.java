/**
 * The client programs that people have, through the bastion. {@link
 * dev.bastion.server.clients.ClientScene} is what all of them need.
 */
@NullMarked
package dev.bastion.server.clients;

import org.jspecify.annotations.NullMarked;
