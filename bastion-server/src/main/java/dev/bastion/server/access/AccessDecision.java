package dev.bastion.server.access;

import dev.bastion.server.inventory.Target;

/** What the policy says to one request, and why. */
public sealed interface AccessDecision {

    /**
     * They may.
     *
     * @param grant number of the grant that says so
     */
    record Permitted(Target target, long grant) implements AccessDecision {}

    /**
     * They may not.
     *
     * @param reason one word for scripts: {@code unknown not-granted ambiguous}
     * @param detail a sentence for administrators, which the operator never sees; with {@code
     *     ambiguous} the logins that the user may choose from, which they may see
     */
    record Denied(String reason, String detail) implements AccessDecision {}
}
