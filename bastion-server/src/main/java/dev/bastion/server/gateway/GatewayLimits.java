package dev.bastion.server.gateway;

import java.time.Duration;

/**
 * The limits of the operators' door.
 *
 * @param loginGrace from connect to authenticated
 * @param authenticationRequests per connection, OpenSSH's MaxAuthTries
 * @param channels at once on one connection
 */
public record GatewayLimits(Duration loginGrace, int authenticationRequests, int channels) {

    public static final GatewayLimits DEFAULT = new GatewayLimits(Duration.ofSeconds(60), 6, 100);
}
