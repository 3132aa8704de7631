package dev.bastion.server.session;

import dev.bastion.server.fleet.Front;
import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.CountingTap;
import dev.bastion.server.transport.Waits;
import java.util.concurrent.CompletableFuture;

/**
 * An SFTP session without a target in its address: the hosts are directories of it, and each that
 * is used has a session of its own, which is decided and recorded like any other. Runs on its
 * channel's virtual thread.
 */
final class FleetSession {

    private final SessionParts parts;
    private final ClientConnection client;
    private final OperatorSide side;
    private final Messages messages;

    FleetSession(
            SessionParts parts, ClientConnection client, OperatorSide side, Messages messages) {
        this.parts = parts;
        this.client = client;
        this.side = side;
        this.messages = messages;
    }

    /** Serves until the client, or the bastion, ends it. */
    TargetOutcome run() {
        Waits waits = new Waits();
        Front front = new Front(new GrantedFleet(parts, client, side, waits));
        Ending ending = new Ending();
        Relay relay =
                new Relay(
                        side.end(),
                        front.end(),
                        new CountingTap(),
                        new Stopping(ending, front, waits),
                        TargetSession.RESUME,
                        false);
        SessionClock clock = new SessionClock(parts.limits(), System.nanoTime());
        LiveSession session =
                new LiveSession(relay, messages, new LiveSession.Limit(clock, false, false), null);
        parts.registry().add(session);
        try {
            side.handOver(relay);
            front.serve(relay);
        } finally {
            relay.cut(RelayEnd.SHUTDOWN);
            parts.registry().remove(session);
        }
        RelayEnd end = ending.await();
        side.takeBack();
        if (!end.detail().isEmpty()) {
            messages.say(end.detail());
        }
        return new TargetOutcome.Ended(ending.exit(), end.detail());
    }

    /** Ends the sessions at the hosts with the client's. */
    private record Stopping(Ending ending, Front front, Waits waits) implements Relay.Listener {

        @Override
        public void exited(ChannelRequest exit) {
            ending.exited(exit);
        }

        @Override
        public void ended(RelayEnd end, CompletableFuture<?> recorded) {
            ending.ended(end, recorded);
            front.stop(end);
            waits.giveUpElsewhere();
        }
    }
}
