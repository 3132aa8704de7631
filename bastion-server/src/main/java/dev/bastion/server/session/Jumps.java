package dev.bastion.server.session;

import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.access.ReachableHost;
import dev.bastion.server.access.Right;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.transport.ChannelRefusedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.sshd.common.SshConstants;

/**
 * Which host a client means that wants a connection to somewhere from the bastion itself ({@code
 * ssh -J}): one that the user may reach, by its name in the bastion or by its address. Nothing else
 * is connected to. Thread-safe; never blocks.
 */
final class Jumps {

    private static final int SSH_PORT = 22;

    private final SessionParts parts;
    private final Visitor visitor;
    private final Refusals refusals;

    Jumps(SessionParts parts, Visitor visitor) {
        this.parts = parts;
        this.visitor = visitor;
        this.refusals = new Refusals(parts, visitor);
    }

    /**
     * Finds it.
     *
     * @param data what the client said in the opening of the channel
     * @throws ChannelRefusedException with the same sentence for what is unknown and what is not
     *     granted; recorded
     */
    ReachableHost find(byte[] data) throws ChannelRefusedException {
        ForwardRequest asked = ForwardRequest.parse(data);
        Optional<User> user = parts.directory().user(visitor.user()).filter(User::enabled);
        if (user.isEmpty()) {
            throw prohibited("you are no longer let in; tell an administrator");
        }
        Instant now = parts.clock().instant();
        Optional<ReachableHost> found =
                parts.access()
                        .reachableHost(user.get(), visitor.from(), asked.host(), now)
                        .filter(named -> portFits(named.host(), asked.port()))
                        .or(() -> search(user.get(), asked, now));
        if (found.isEmpty()) {
            throw refuse(user.get(), asked, now);
        }
        return found.get();
    }

    /** {@code ssh} writes names in lower case, and what it has for a name may be an address. */
    private Optional<ReachableHost> search(User user, ForwardRequest asked, Instant now) {
        List<ReachableHost> all = parts.access().reachable(user, visitor.from(), now);
        return only(
                        all,
                        host ->
                                host.name().equalsIgnoreCase(asked.host())
                                        && portFits(host, asked.port()))
                .or(() ->
                        only(
                                all,
                                host ->
                                        host.address().equalsIgnoreCase(asked.host())
                                                && host.port() == asked.port()));
    }

    private static Optional<ReachableHost> only(List<ReachableHost> all, Predicate<Host> wanted) {
        List<ReachableHost> found =
                all.stream().filter(one -> wanted.test(one.host())).limit(2).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** The client need not know the host's port, and may not mean another. */
    private static boolean portFits(Host host, int port) {
        return port == SSH_PORT || port == host.port();
    }

    private ChannelRefusedException refuse(User user, ForwardRequest asked, Instant now) {
        AccessDecision decision =
                parts.access().decide(user, visitor.from(), asked.host(), null, Right.SHELL, now);
        if (decision instanceof AccessDecision.Denied(String reason, String detail)) {
            refusals.record(asked.destination(), reason, detail);
        } else {
            refusals.record(
                    asked.destination(), "unknown", "there is no host " + asked.destination());
        }
        return prohibited(
                "there is no "
                        + Shown.text(asked.destination())
                        + " that you may reach with this; name the host to forward through: "
                        + visitor.user()
                        + "+HOST@this bastion");
    }

    private static ChannelRefusedException prohibited(String sentence) {
        return new ChannelRefusedException(
                SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, sentence);
    }
}
