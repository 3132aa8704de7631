package dev.bastion.audit.jdbc;

import dev.bastion.audit.ledger.LedgerEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Which entries can have a time: the table {@code audit.time_span} keeps the earliest and the
 * latest time of each thousand entries or so, in the way of PostgreSQL's block range indexes. Exact
 * where the clock was set back, too: then a span of time has more entries to look at, and none is
 * missed.
 */
final class TimeSpans {

    /** Entries of a span, but for those of one transaction that end it. */
    static final int ENTRIES = 1_000;

    /**
     * Entries that may be asked for; none when {@code first} is greater.
     *
     * @param first the first one
     * @param last the last one
     */
    record Range(long first, long last) {}

    private TimeSpans() {}

    /** Notes the times of entries, in their transaction. */
    static void extend(Connection connection, List<LedgerEntry> entries) throws SQLException {
        Instant earliest = entries.getFirst().record().time();
        Instant latest = earliest;
        for (LedgerEntry entry : entries) {
            Instant time = entry.record().time();
            earliest = time.isBefore(earliest) ? time : earliest;
            latest = time.isAfter(latest) ? time : latest;
        }
        OffsetDateTime since = stored(earliest);
        OffsetDateTime until = stored(latest).plus(1, ChronoUnit.MICROS);
        long first = entries.getFirst().sequence().value();
        long last = entries.getLast().sequence().value();
        try (var update =
                connection.prepareStatement(
                        "update audit.time_span set last_entry = ?, since = least(since, ?),"
                                + " until = greatest(until, ?)"
                                + " where first_entry = (select max(first_entry)"
                                + " from audit.time_span) and first_entry > ?")) {
            update.setLong(1, last);
            update.setObject(2, since);
            update.setObject(3, until);
            update.setLong(4, last - ENTRIES);
            if (update.executeUpdate() == 1) {
                return;
            }
        }
        try (var insert =
                connection.prepareStatement(
                        "insert into audit.time_span (first_entry, last_entry, since, until)"
                                + " values (?, ?, ?, ?)")) {
            insert.setLong(1, first);
            insert.setLong(2, last);
            insert.setObject(3, since);
            insert.setObject(4, until);
            insert.executeUpdate();
        }
    }

    /**
     * The entries that can have a time between these.
     *
     * @param since inclusive; null for no bound
     * @param until exclusive; null for no bound
     */
    static Range entries(DataSource database, @Nullable Instant since, @Nullable Instant until)
            throws SQLException {
        try (var connection = database.getConnection();
                var select =
                        connection.prepareStatement(
                                "select coalesce(min(first_entry), 1),"
                                        + " coalesce(max(last_entry), 0) from audit.time_span"
                                        + " where until >= ? and since < ?")) {
            select.setObject(1, stored(since == null ? FIRST : since));
            select.setObject(2, stored(until == null ? LAST : until));
            try (var row = select.executeQuery()) {
                row.next();
                return new Range(row.getLong(1), row.getLong(2));
            }
        }
    }

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private static OffsetDateTime stored(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
