package dev.bastion.server.backend;

/** What became of reaching a host. */
public sealed interface HostConnectResult {

    /** Logged in. */
    record Connected(HostConnection connection) implements HostConnectResult {}

    /**
     * Not logged in.
     *
     * @param reason the audit record's word
     * @param sentence for the operator; gives away nothing but what they have to do
     */
    record Failed(String reason, String sentence) implements HostConnectResult {}
}
