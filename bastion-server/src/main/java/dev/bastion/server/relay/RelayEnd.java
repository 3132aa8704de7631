package dev.bastion.server.relay;

/**
 * Why a relay is over.
 *
 * @param reason the audit record's word: {@code closed-by-host closed-by-client host-lost cut
 *     shutdown ledger error}
 * @param detail a sentence for the operator; empty when nothing needs to be said
 */
public record RelayEnd(String reason, String detail) {

    public static final RelayEnd HOST_CLOSED = new RelayEnd("closed-by-host", "");
    public static final RelayEnd HOST_LOST =
            new RelayEnd("host-lost", "the connection to the host was lost");
    public static final RelayEnd OPERATOR_CLOSED = new RelayEnd("closed-by-client", "");
    public static final RelayEnd SHUTDOWN =
            new RelayEnd("shutdown", "the bastion is shutting down");

    static RelayEnd failed(Throwable failure) {
        return failure instanceof dev.bastion.audit.AuditLogException
                ? new RelayEnd("ledger", "the audit log cannot be written")
                : new RelayEnd("error", "the session could not go on");
    }
}
