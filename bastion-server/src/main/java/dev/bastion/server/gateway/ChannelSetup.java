package dev.bastion.server.gateway;

import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.SessionRequest;
import dev.bastion.server.relay.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the client asks of a session channel before it is served: environment, terminal, and the one
 * request that starts it (RFC 4254 sections 6.2 to 6.5). Written by the connection's reader thread,
 * read by any.
 */
final class ChannelSetup {

    /** Environment that is passed on to hosts, as OpenSSH's sshd_config of most systems accepts. */
    private static final Pattern PASSED_ENVIRONMENT =
            Pattern.compile("LANG|LANGUAGE|LC_[A-Z_]{1,32}|COLORTERM|NO_COLOR");

    private static final int ENVIRONMENT_LIMIT = 64;
    private static final int START_LIMIT_BYTES = 1 << 20;

    private final List<ChannelRequest> environment = new ArrayList<>();
    private boolean agent;
    private volatile boolean askedForX11;
    private volatile @Nullable Terminal terminal;
    private volatile @Nullable SessionRequest request;

    /** Takes a variable; whether it will be passed on. */
    boolean environment(ChannelRequest asked) {
        String name = new RequestPayload(asked.payload()).text();
        boolean passed =
                request == null
                        && environment.size() < ENVIRONMENT_LIMIT
                        && PASSED_ENVIRONMENT.matcher(name).matches();
        if (passed) {
            environment.add(new ChannelRequest("env", false, asked.payload()));
        }
        return passed;
    }

    /** Takes the offer of an agent; whether it may still be made. */
    boolean agent() {
        agent = request == null;
        return agent;
    }

    /** X11 is not forwarded. */
    void x11() {
        askedForX11 |= request == null;
    }

    /** Whether the client wanted X11 to be forwarded. */
    boolean askedForX11() {
        return askedForX11;
    }

    /** Takes a terminal; whether there is one now. */
    boolean terminal(ChannelRequest asked) {
        RequestPayload payload = new RequestPayload(asked.payload());
        String type = payload.text();
        if (request != null || type.length() > Terminal.TYPE_LIMIT) {
            return false;
        }
        terminal =
                new Terminal(
                        type,
                        payload.number(),
                        payload.number(),
                        payload.number(),
                        payload.number(),
                        payload.bytes());
        return true;
    }

    /** Takes another size; whether there is a terminal that has it. */
    boolean resize(ChannelRequest asked) {
        Terminal before = terminal;
        if (before == null) {
            return false;
        }
        RequestPayload payload = new RequestPayload(asked.payload());
        terminal =
                before.resized(
                        payload.number(), payload.number(), payload.number(), payload.number());
        return true;
    }

    /** Takes the request that starts the channel; a second one, or one too long, is not taken. */
    boolean start(ChannelRequest asked) {
        if (request != null || asked.payload().length > START_LIMIT_BYTES) {
            return false;
        }
        String command =
                asked.type().equals("shell") ? "" : new RequestPayload(asked.payload()).text();
        request =
                new SessionRequest(
                        asked.type(),
                        command,
                        terminal,
                        environment,
                        agent,
                        new ChannelRequest(asked.type(), true, asked.payload()));
        return true;
    }

    /** What was started, with the terminal of this moment. */
    SessionRequest request() {
        SessionRequest asked = request;
        if (asked == null) {
            throw new IllegalStateException("the client has not started the channel");
        }
        return asked.with(terminal);
    }

    @Nullable Terminal terminal() {
        return terminal;
    }
}
