package dev.bastion.server.session;

import dev.bastion.server.relay.RelayEnd;

/** What the registry can do to something that lasts. Thread-safe, but for {@link #turn}. */
interface UnderWay {

    /** From now on nothing more goes to the host, or all that waited does. Does not block. */
    void hold(boolean now);

    /** Ends it. */
    void cut(RelayEnd end);

    /**
     * Looks at its limits. Does not block. Confined to one thread.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    void turn(long nowNanos);
}
