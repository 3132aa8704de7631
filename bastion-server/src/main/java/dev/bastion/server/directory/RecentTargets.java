package dev.bastion.server.directory;

import dev.bastion.server.inventory.Target;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When users last went where: in memory, and behind it in the database. Thread-safe. */
final class RecentTargets {

    /** Hosts remembered of each user; those used longest ago are forgotten. */
    static final int MAX_PER_USER = 100;

    private static final Logger LOG = LoggerFactory.getLogger(RecentTargets.class);

    private final Jdbi jdbi;
    private final ConcurrentMap<String, Map<String, Instant>> byUser = new ConcurrentHashMap<>();

    private RecentTargets(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    static RecentTargets load(Jdbi jdbi) {
        RecentTargets recent = new RecentTargets(jdbi);
        jdbi.useHandle(handle ->
                handle.createQuery(
                                "select user_name, host_name, used_at from"
                                        + " bastion.recent_target")
                        .map((row, _) -> {
                            recent.remember(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getObject(3, OffsetDateTime.class).toInstant());
                            return true;
                        })
                        .list());
        return recent;
    }

    Map<String, Instant> lastUsed(String user) {
        return byUser.getOrDefault(user, Map.of());
    }

    void record(String user, Target target, Instant time) {
        String host = target.host().name();
        remember(user, host, time);
        try {
            jdbi.useTransaction(handle -> {
                handle.execute(
                        "merge into bastion.recent_target (user_name, host_name, login,"
                                + " used_at) key (user_name, host_name, login) values (?,"
                                + " ?, ?, ?)",
                        user,
                        host,
                        target.account(),
                        time.atOffset(ZoneOffset.UTC));
                handle.execute(
                        "delete from bastion.recent_target where user_name = ? and used_at"
                                + " < (select used_at from bastion.recent_target where"
                                + " user_name = ? order by used_at desc offset ? rows fetch"
                                + " next 1 row only)",
                        user,
                        user,
                        MAX_PER_USER - 1);
            });
        } catch (JdbiException e) {
            LOG.debug("the last use of a target was not kept: {}", e.getMessage());
        }
    }

    private void remember(String user, String host, Instant time) {
        byUser.compute(
                user,
                (_, old) -> {
                    Map<String, Instant> changed =
                            old == null ? new HashMap<>() : new HashMap<>(old);
                    changed.merge(host, time, (a, b) -> a.isAfter(b) ? a : b);
                    if (changed.size() > MAX_PER_USER) {
                        changed.entrySet()
                                .remove(
                                        Collections.min(
                                                changed.entrySet(),
                                                Comparator.comparing(Map.Entry::getValue)));
                    }
                    return changed;
                });
    }
}
