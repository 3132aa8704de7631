package dev.bastion.server.session;

import dev.bastion.audit.SessionKind;
import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.access.Right;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.tap.sftp.FileRights;
import org.jspecify.annotations.Nullable;

/** What a user may do at a target, by the grants of this moment. Immutable; never blocks. */
record TargetRights(SessionParts parts, User user, String from) {

    /**
     * Whether a session of this kind may begin. One of files needs the right to read or to write;
     * where the user named no account, the only one that they may read with is taken first.
     */
    AccessDecision decide(String host, @Nullable String account, SessionKind kind) {
        return switch (kind) {
            case SHELL -> decide(host, account, Right.SHELL);
            case EXEC -> decide(host, account, Right.EXEC);
            case FORWARD -> decide(host, account, Right.FORWARD);
            case SFTP -> {
                AccessDecision read = decide(host, account, Right.SFTP_READ);
                yield read instanceof AccessDecision.Denied(String reason, String detail)
                                && !reason.equals("ambiguous")
                        ? decide(host, account, Right.SFTP_WRITE)
                        : read;
            }
        };
    }

    /** What may be done to files there. */
    FileRights files(Target target) {
        return new FileRights(has(target, Right.SFTP_READ), has(target, Right.SFTP_WRITE));
    }

    /** Whether programs there may speak with the operator's agent. */
    boolean agent(Target target) {
        return has(target, Right.AGENT);
    }

    private boolean has(Target target, Right right) {
        return decide(target.host().name(), target.account(), right)
                instanceof AccessDecision.Permitted;
    }

    private AccessDecision decide(String host, @Nullable String account, Right right) {
        return parts.access().decide(user, from, host, account, right, parts.clock().instant());
    }
}
