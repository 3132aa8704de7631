package dev.bastion.server.gateway;

import dev.bastion.server.access.ReachableHost;
import dev.bastion.server.identity.AuthorizedKey;
import java.util.Optional;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection inside another ({@code ssh -J}) before anybody is authenticated on
 * it. Immutable.
 *
 * @param outer the connection that it is in
 * @param to the host that the bastion answers for
 * @param asked what the client has for its name
 */
record Jump(OperatorConnection outer, ReachableHost to, String asked) {

    static @Nullable Jump of(Session session) {
        return session.getIoSession().getAttribute(Jump.class) instanceof Jump jump ? jump : null;
    }

    /**
     * Where somebody goes who logs in here: the user is the outer connection's, the name that the
     * client gives is the account's. A client that was told no name gives the one that its user has
     * on their own machine, so the user's name means the only account unless there is one of that
     * name.
     *
     * @return empty when the name cannot be an account's
     */
    Optional<GatewayAddress> address(String login) {
        GatewayAddress through = outer.address();
        if (through == null || !GatewayAddress.isAccount(login)) {
            return Optional.empty();
        }
        boolean none = login.equals(through.user()) && !to.accounts().contains(login);
        return Optional.of(
                new GatewayAddress(through.user(), none ? null : login, to.host().name()));
    }

    /** Whether the key is the one that the outer connection was opened with. */
    boolean isOuterKey(AuthorizedKey offered) {
        AuthorizedKey proven = outer.provenKey();
        return proven != null && proven.sameKey(offered);
    }
}
