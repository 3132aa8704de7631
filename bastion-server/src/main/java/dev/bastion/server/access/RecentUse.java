package dev.bastion.server.access;

import java.time.Instant;
import java.util.Map;

/** When a user last went to which host. Thread-safe; never blocks. */
@FunctionalInterface
public interface RecentUse {

    /** Time of the last use by name of host. */
    Map<String, Instant> lastUsed(String user);
}
