package dev.bastion.server.session;

import dev.bastion.server.relay.RelayEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the registry can do to something that lasts. Thread-safe, but for {@link #turn}. */
interface UnderWay {

    /** Which session it is; absent where it is none that can be named. */
    @Nullable AboutSession about();

    /** From now on nothing more goes to the host, or all that waited does. Does not block. */
    void hold(Holds now);

    /** How long nothing has happened in it; absent where that is not known. */
    default @Nullable Duration idle() {
        return null;
    }

    /** Whether it has a recording. */
    default boolean isRecorded() {
        AboutSession about = about();
        return about != null && about.recording() != null;
    }

    /** Ends it. */
    void cut(RelayEnd end);

    /**
     * Looks at its limits. Does not block. Confined to one thread.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    void turn(long nowNanos);
}
