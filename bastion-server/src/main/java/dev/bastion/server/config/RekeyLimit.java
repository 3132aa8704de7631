package dev.bastion.server.config;

import java.time.Duration;

/**
 * When the bastion begins to exchange keys anew (RFC 4253 section 9), with clients and hosts that
 * have not begun before. Immutable.
 *
 * @param bytes sent or received under the same keys
 * @param time since the keys were exchanged; looked at when something is sent or received
 */
public record RekeyLimit(long bytes, Duration time) {

    /** What RFC 4253 recommends. */
    public static final RekeyLimit DEFAULT = new RekeyLimit(1L << 30, Duration.ofHours(1));
}
