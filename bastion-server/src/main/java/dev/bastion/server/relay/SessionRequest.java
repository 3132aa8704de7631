package dev.bastion.server.relay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator's client asked of a session channel before it started it. Immutable.
 *
 * @param kind {@code shell}, {@code exec} or {@code subsystem}
 * @param command command of an exec or name of a subsystem; empty for a shell
 * @param terminal absent when no pty was asked for
 * @param environment env requests as they came, with allowed names only
 * @param agent whether the operator's agent is offered
 * @param start the request that started it, for the host
 */
public record SessionRequest(
        String kind,
        String command,
        @Nullable Terminal terminal,
        List<ChannelRequest> environment,
        boolean agent,
        ChannelRequest start) {

    public SessionRequest {
        environment = List.copyOf(environment);
    }

    /** The same with the terminal's newest sizes. */
    public SessionRequest with(@Nullable Terminal newest) {
        return new SessionRequest(kind, command, newest, environment, agent, start);
    }
}
