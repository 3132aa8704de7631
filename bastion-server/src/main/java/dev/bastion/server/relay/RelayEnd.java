package dev.bastion.server.relay;

import dev.bastion.audit.AuditLogException;
import java.io.IOException;

/**
 * Why a relay is over.
 *
 * @param reason the audit record's word: {@code closed-by-host closed-by-client host-lost
 *     host-silent client-silent idle time-limit malformed cut shutdown ledger recording error}
 * @param detail a sentence for the operator; empty when nothing needs to be said
 */
public record RelayEnd(String reason, String detail) {

    public static final RelayEnd HOST_CLOSED = new RelayEnd("closed-by-host", "");
    public static final RelayEnd HOST_LOST =
            new RelayEnd("host-lost", "the connection to the host was lost");
    public static final RelayEnd HOST_SILENT =
            new RelayEnd("host-silent", "the host has stopped answering");
    public static final RelayEnd OPERATOR_CLOSED = new RelayEnd("closed-by-client", "");
    public static final RelayEnd OPERATOR_SILENT = new RelayEnd("client-silent", "");
    public static final RelayEnd SHUTDOWN =
            new RelayEnd("shutdown", "the bastion is shutting down");

    /** Of what failed on the way to this end. */
    static RelayEnd failed(Throwable failure, ChannelEnd destination) {
        return switch (failure) {
            case IOException gone -> destination.lost();
            case AuditLogException full ->
                    new RelayEnd("ledger", "the audit log cannot be written");
            case BrokenProtocolException broken ->
                    new RelayEnd("malformed", String.valueOf(broken.getMessage()));
            default -> new RelayEnd("error", "the session could not go on");
        };
    }
}
