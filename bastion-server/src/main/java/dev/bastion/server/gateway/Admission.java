package dev.bastion.server.gateway;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.server.config.DoorSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Counts the connections at the door, before any SSH is spoken with them, and refuses those above
 * the limits. Thread-safe; never blocks.
 */
final class Admission {

    private final DoorSettings limits;
    private final RandomGenerator random;

    @GuardedBy("this")
    private final Map<String, Counts> byAddress = new HashMap<>();

    @GuardedBy("this")
    private int startups;

    Admission(DoorSettings limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    /**
     * Lets a connection in that has not logged in, or not; its address is told later.
     *
     * @throws RefusedConnectionException when too many are there
     */
    synchronized Ticket admit() throws RefusedConnectionException {
        if (random.nextInt(100) < limits.startups().refusalPercent(startups)) {
            throw new RefusedConnectionException(startups + " connections have not logged in yet");
        }
        startups++;
        return new Ticket();
    }

    /** How many have not logged in. */
    synchronized int startups() {
        return startups;
    }

    /** How many addresses are counted. */
    synchronized int addresses() {
        return byAddress.size();
    }

    /** The connections of one address. */
    private static final class Counts {
        private int startups;
        private int connections;
    }

    /** One connection's place. Given back once, however often it is closed. */
    final class Ticket implements AutoCloseable {

        @GuardedBy("Admission.this")
        private String network = "";

        @GuardedBy("Admission.this")
        private boolean starting = true;

        @GuardedBy("Admission.this")
        private boolean closed;

        /**
         * Counts it for its address from now on; called once.
         *
         * @param from in canonical form
         * @throws RefusedConnectionException when there are too many of that address
         */
        void from(String from) throws RefusedConnectionException {
            synchronized (Admission.this) {
                if (closed) {
                    return;
                }
                String counted = PeerAddress.network(from);
                Counts counts = byAddress.computeIfAbsent(counted, _ -> new Counts());
                if (counts.startups >= limits.startupsPerAddress()
                        || counts.connections >= limits.connectionsPerAddress()) {
                    throw new RefusedConnectionException(
                            "%s has %d connections, of which %d have not logged in"
                                    .formatted(counted, counts.connections, counts.startups));
                }
                network = counted;
                counts.startups++;
                counts.connections++;
            }
        }

        /** It has logged in. */
        void loggedIn() {
            synchronized (Admission.this) {
                if (!starting || closed) {
                    return;
                }
                starting = false;
                startups--;
                Counts counts = byAddress.get(network);
                if (counts != null) {
                    counts.startups--;
                }
            }
        }

        @Override
        public void close() {
            synchronized (Admission.this) {
                loggedIn();
                if (closed) {
                    return;
                }
                closed = true;
                Counts counts = byAddress.get(network);
                if (counts != null) {
                    counts.connections--;
                    if (counts.connections == 0) {
                        byAddress.remove(network);
                    }
                }
            }
        }
    }
}
