package dev.bastion.server.session;

import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.server.access.AccessDecision;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is not given to one visitor: recorded for auditors, and in words for the visitor. */
final class Refusals {

    static final String LEDGER =
            "the audit log cannot be written, so no session can begin; tell an administrator";

    static final String RECORDING =
            "the session cannot be recorded, so it cannot begin; tell an administrator";

    private static final String AGENT = "no grant gives agent: the agent is not lent to the host";

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final SessionParts parts;
    private final Visitor visitor;

    Refusals(SessionParts parts, Visitor visitor) {
        this.parts = parts;
        this.visitor = visitor;
    }

    boolean ledgerIsLost() {
        return parts.log().state() instanceof AuditLogState.Unwritable;
    }

    /**
     * Records that a target was not given.
     *
     * @param reason one word for scripts
     * @param detail a sentence for auditors
     */
    void record(String target, String reason, String detail) {
        String asked = visitor.host() == null ? target : visitor.target();
        append(
                new AuditRecord.TargetRefused(
                        parts.clock().instant(),
                        visitor.connection(),
                        visitor.user(),
                        visitor.from(),
                        asked,
                        reason,
                        detail));
    }

    /**
     * Records what a session that begins wanted and does not get, each once; it goes on without.
     *
     * @param agent whether the agent is lent to its host
     */
    void recordWithin(SessionContext session, Instant start, RelayedSide side, boolean agent) {
        if (side.askedForX11()) {
            append(AuditRecord.TargetRefused.within(session, start, "unsupported", Messages.X11));
        }
        if (side.request().agent() && !agent) {
            append(AuditRecord.TargetRefused.within(session, start, "not-granted", AGENT));
        }
    }

    private void append(AuditRecord.TargetRefused refused) {
        parts.log()
                .append(refused)
                .exceptionally(failure -> {
                    LOG.warn("a refusal was not recorded", failure);
                    return null;
                });
    }

    /** The same for what is unknown and what is not granted. */
    String sentence(String host, AccessDecision.Denied denied) {
        String name = Shown.text(host);
        return denied.reason().equals("ambiguous")
                ? "say which account on "
                        + name
                        + " you want: "
                        + Shown.text(denied.detail())
                        + "; write "
                        + visitor.user()
                        + "+ACCOUNT@"
                        + name
                : "there is no " + name + " that you may reach with this";
    }
}
