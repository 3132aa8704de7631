package dev.bastion.server.relay;

/**
 * A channel request as it came (RFC 4254 section 5.4).
 *
 * @param payload the type-specific data, byte for byte; nobody changes the array
 */
public record ChannelRequest(String type, boolean wantReply, byte[] payload) {}
