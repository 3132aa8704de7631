package dev.bastion.server.fleet;

import dev.bastion.server.relay.RelayEnd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The hosts' sessions of one client's session, each begun when it is first needed. Confined. */
final class Links {

    /** Hosts at a time. */
    static final int LIMIT = 64;

    private final Fleet fleet;
    private final Mailbox mailbox;
    private final Unreached unreached;
    private final Map<String, HostLink> links = new LinkedHashMap<>();

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    Links(Fleet fleet, Mailbox mailbox, LongSupplier nanoTime) {
        this.fleet = fleet;
        this.mailbox = mailbox;
        this.unreached = new Unreached(nanoTime);
    }

    /**
     * Asks a host; a session begins there when there is none. One that could not begin a moment ago
     * fails at once, with the sentence of then.
     */
    void ask(Destination destination, Ask ask, Reply reply) {
        HostLink link = links.get(destination.target());
        if (link == null || link.isOver()) {
            int open = all().size();
            link = new HostLink(mailbox, destination);
            Optional<String> why = unreached.find(destination.target());
            if (why.isPresent()) {
                reply.failed(link, why.get());
                return;
            }
            if (open >= LIMIT) {
                reply.failed(link, "more than " + LIMIT + " hosts are too many for one session");
                return;
            }
            links.put(destination.target(), link);
            fleet.open(destination, link);
        }
        link.ask(ask, reply);
    }

    /** Those whose sessions are not over, as of now. */
    List<HostLink> all() {
        links.entrySet()
                .removeIf(entry -> {
                    HostLink link = entry.getValue();
                    link.neverBegan().ifPresent(why -> unreached.add(entry.getKey(), why));
                    return link.isOver();
                });
        return new ArrayList<>(links.values());
    }

    int asked() {
        return links.values().stream().mapToInt(HostLink::asked).sum();
    }

    long waitingBytes() {
        return links.values().stream().mapToLong(HostLink::waitingBytes).sum();
    }

    void cut(RelayEnd why) {
        all().forEach(link -> link.cut(why));
    }
}
