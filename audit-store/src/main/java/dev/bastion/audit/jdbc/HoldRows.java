package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** What retention asks the database, and deletes from it. */
final class HoldRows {

    /** Entries whose rows one transaction deletes. */
    static final int ENTRIES_AT_ONCE = 10_000;

    private HoldRows() {}

    /** Holds that are not released, in the order in which they were placed. */
    static List<Hold> active(DataSource database) throws SQLException {
        List<Hold> holds = new ArrayList<>();
        try (Connection connection = database.getConnection();
                var select =
                        connection.prepareStatement(
                                "select h.entry, h.at, h.actor, h.from_address, h.placed_as,"
                                        + " h.hold_name, h.session_id, h.user_name, h.host,"
                                        + " h.since_time, h.until_time, h.reason"
                                        + " from audit.hold h where not exists (select 1 from"
                                        + " audit.hold_release r where r.hold_name = h.hold_name"
                                        + " and r.entry > h.entry) order by h.entry");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                holds.add(
                        new Hold(
                                row.getLong(1),
                                new AuditRecord.HoldPlaced(
                                        row.getObject(2, OffsetDateTime.class).toInstant(),
                                        row.getString(3),
                                        row.getString(4),
                                        row.getString(5),
                                        row.getString(6),
                                        row.getString(7),
                                        row.getString(8),
                                        row.getString(9),
                                        row.getString(10),
                                        row.getString(11),
                                        row.getString(12))));
            }
        }
        return holds;
    }

    /** A session as a hold looks at it. */
    record SessionFacts(String user, String host, String time) {}

    static Optional<SessionFacts> session(DataSource database, String id) throws SQLException {
        try (Connection connection = database.getConnection();
                var select =
                        connection.prepareStatement(
                                "select s.user_name, s.host, s.at from audit.session_start s"
                                        + " where s.session_id = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new SessionFacts(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getObject(3, OffsetDateTime.class)
                                                .toInstant()
                                                .toString()))
                        : Optional.empty();
            }
        }
    }

    /** Deletes the rows of all entries up to this one, in transactions of a bounded size. */
    static void deleteUpTo(DataSource database, long last) throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (String table : tables(connection)) {
                long from = first(connection, table);
                while (from <= last) {
                    long to = Math.min(last, from + ENTRIES_AT_ONCE - 1);
                    try (var delete =
                            connection.prepareStatement(
                                    "delete from audit." + table + " where entry <= ?")) {
                        delete.setLong(1, to);
                        delete.executeUpdate();
                    }
                    from = first(connection, table);
                }
            }
        }
    }

    /** Every table whose rows are of entries. */
    private static List<String> tables(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (var select =
                        connection.prepareStatement(
                                "select table_name from information_schema.columns"
                                        + " where table_schema = 'audit' and column_name = 'entry'"
                                        + " order by table_name");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    private static long first(Connection connection, String table) throws SQLException {
        try (var select = connection.prepareStatement("select min(entry) from audit." + table);
                ResultSet row = select.executeQuery()) {
            row.next();
            long first = row.getLong(1);
            return row.wasNull() ? Long.MAX_VALUE : first;
        }
    }
}
