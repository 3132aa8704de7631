package dev.bastion.server.gateway;

import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Requests of a session that has been started, before its host has: they wait for it, so that they
 * and their answers keep their order. Guarded by its user.
 */
final class EarlyRequests {

    /** How many may wait. */
    static final int MOST = 1000;

    /** The longest data of a request that goes on, in bytes: none that is known has as much. */
    private static final int DATA_LIMIT = 1024;

    private static final ChannelRequest REFUSED = new ChannelRequest("", true, new byte[0]);

    private record Kept(ChannelRequest request, boolean permitted) {}

    private final ArrayDeque<Kept> kept = new ArrayDeque<>();

    /**
     * Keeps one.
     *
     * @param permitted whether it goes to the host; when not it is refused in its turn
     * @return whether there was room for it
     */
    boolean add(ChannelRequest request, boolean permitted) {
        boolean goesOn = permitted && request.payload().length <= DATA_LIMIT;
        if (!goesOn && !request.wantReply()) {
            return true;
        }
        return kept.size() < MOST && kept.add(new Kept(goesOn ? request : REFUSED, goesOn));
    }

    /** No host comes; how many of them want an answer. */
    int forget() {
        int unanswered = (int) kept.stream().filter(one -> one.request.wantReply()).count();
        kept.clear();
        return unanswered;
    }

    /** The host has begun. */
    void passTo(Relay relay) throws IOException {
        for (Kept one = kept.poll(); one != null; one = kept.poll()) {
            relay.operatorRequest(one.request, one.permitted);
        }
    }
}
