package dev.bastion.server.session;

import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import java.util.function.Consumer;

/** A session that is relayed now: what can be done to it from outside. Thread-safe. */
final class LiveSession {

    private final Relay relay;
    private final Consumer<String> teller;

    /**
     * @param teller says a sentence to the operator; may block while their client takes nothing
     */
    LiveSession(Relay relay, Consumer<String> teller) {
        this.relay = relay;
        this.teller = teller;
    }

    /**
     * Nothing more goes to the host, and the operator is told why. Blocks while the client takes
     * nothing.
     */
    void hold() {
        relay.hold(true);
        teller.accept(
                "the audit log cannot be written; what you type is held until it can be again");
    }

    void release() {
        relay.hold(false);
        teller.accept("the audit log is written again; the session goes on");
    }

    /** Ends it; the operator is told when its service returns. */
    void cut(RelayEnd end) {
        relay.cut(end);
    }
}
