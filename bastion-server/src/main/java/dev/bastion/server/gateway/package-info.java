/**
 * The operator's side: MINA's server, logging in, addresses, and the channel that serves the menu
 * and then the host. Start at {@link dev.bastion.server.gateway.Gateway}.
 */
@NullMarked
package dev.bastion.server.gateway;

import org.jspecify.annotations.NullMarked;
