package dev.bastion.server.session;

import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.relay.ChannelRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is not given to one visitor: recorded for auditors, and in words for the visitor. */
final class Refusals {

    static final String LEDGER =
            "the audit log cannot be written, so no session can begin; tell an administrator";

    static final String RECORDING =
            "the session cannot be recorded, so it cannot begin; tell an administrator";

    private static final String AGENT = "no grant gives agent: the agent is not lent to the host";

    private static final String LATE_AGENT =
            "an agent is lent from the start of a session, not later";

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

    /** What a session wants and does not get, each recorded once; it goes on without. */
    final class Within {

        private final SessionContext session;
        private final AtomicBoolean x11 = new AtomicBoolean();
        private final AtomicBoolean agent = new AtomicBoolean();

        Within(SessionContext session) {
            this.session = session;
        }

        /**
         * The session begins.
         *
         * @param lent whether the agent is lent to its host
         */
        void begins(RelayedSide side, boolean lent) {
            if (side.askedForX11()) {
                once(x11, "unsupported", Messages.X11);
            }
            if (side.request().agent() && !lent) {
                once(agent, "not-granted", AGENT);
            }
        }

        /** The operator's client asks the host, in the session, for what is not passed on. */
        void asked(ChannelRequest request) {
            switch (request.type()) {
                case "x11-req" -> once(x11, "unsupported", Messages.X11);
                case "auth-agent-req@openssh.com" -> once(agent, "unsupported", LATE_AGENT);
                default -> {}
            }
        }

        private void once(AtomicBoolean recorded, String reason, String sentence) {
            if (!recorded.getAndSet(true)) {
                append(
                        AuditRecord.TargetRefused.within(
                                session, parts.clock().instant(), reason, sentence));
            }
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
