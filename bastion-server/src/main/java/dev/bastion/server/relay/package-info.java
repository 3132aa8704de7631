/**
 * Bytes between two channels: order, backpressure, half-close, requests and their replies. Nothing
 * else.
 *
 * <p>Knows neither MINA's server nor its client: both sides are a {@link
 * dev.bastion.server.relay.ChannelEnd}. Start at {@link dev.bastion.server.relay.Relay}.
 */
@NullMarked
package dev.bastion.server.relay;

import org.jspecify.annotations.NullMarked;
