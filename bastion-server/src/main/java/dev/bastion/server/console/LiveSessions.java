package dev.bastion.server.console;

import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions that are under way. Thread-safe; nothing here blocks. */
public interface LiveSessions {

    /**
     * One of them.
     *
     * @param idle how long nothing has happened in it; absent where that is not known
     */
    record Live(
            SessionContext context,
            SessionKind kind,
            Instant start,
            @Nullable Duration idle,
            boolean recorded) {}

    /** Where no bastion runs. */
    LiveSessions NONE =
            new LiveSessions() {
                @Override
                public List<Live> list() {
                    return List.of();
                }

                @Override
                public boolean cut(SessionId session, String sentence) {
                    return false;
                }
            };

    /** Oldest first. */
    List<Live> list();

    /**
     * Ends a session.
     *
     * @param sentence to its operator
     * @return whether there was one
     */
    boolean cut(SessionId session, String sentence);
}
