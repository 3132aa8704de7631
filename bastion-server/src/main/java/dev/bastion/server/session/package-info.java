/**
 * One use of one target by one user: from the request to the end record. Start at {@link
 * dev.bastion.server.session.GatewaySession}.
 */
@NullMarked
package dev.bastion.server.session;

import org.jspecify.annotations.NullMarked;
