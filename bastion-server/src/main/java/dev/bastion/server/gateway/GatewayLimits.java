package dev.bastion.server.gateway;

import dev.bastion.server.config.DoorSettings;
import dev.bastion.server.config.RekeyLimit;
import java.time.Duration;

/**
 * The limits of the operators' door.
 *
 * @param loginGrace from connect to authenticated
 * @param authenticationRequests per connection, OpenSSH's MaxAuthTries
 * @param channels at once on one connection
 * @param silence how long a client that is logged in may say nothing
 * @param rekey when keys are exchanged anew
 * @param door before logging in
 */
public record GatewayLimits(
        Duration loginGrace,
        int authenticationRequests,
        int channels,
        Duration silence,
        RekeyLimit rekey,
        DoorSettings door) {

    public static final GatewayLimits DEFAULT =
            new GatewayLimits(
                    Duration.ofSeconds(60),
                    6,
                    100,
                    Duration.ofSeconds(90),
                    RekeyLimit.DEFAULT,
                    DoorSettings.DEFAULT);
}
