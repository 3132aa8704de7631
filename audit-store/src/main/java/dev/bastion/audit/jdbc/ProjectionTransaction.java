package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The projector's two statements on the database: how far it goes, and one batch further. */
final class ProjectionTransaction {

    private ProjectionTransaction() {}

    static LedgerPosition position(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                var select =
                        connection.prepareStatement(
                                "select position, hash from audit.projection where id = 1");
                var row = select.executeQuery()) {
            if (!row.next()) {
                throw new AuditLogException(
                        "The audit database has lost its position in the ledger.");
            }
            return new LedgerPosition(row.getLong(1), new EntryHash(row.getString(2)));
        }
    }

    /**
     * Writes the entries' rows and the new position, or nothing of it.
     *
     * @param entries in order, the first right after {@code before}
     * @throws AuditLogException when the database is not at {@code before}
     */
    static void apply(DataSource database, LedgerPosition before, List<LedgerEntry> entries)
            throws SQLException {
        LedgerPosition after = entries.getLast().position();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (var rows = new RowInserts(connection);
                    var update =
                            connection.prepareStatement(
                                    "update audit.projection set position = ?, hash = ?"
                                            + " where id = 1 and position = ?")) {
                update.setLong(1, after.sequence());
                update.setString(2, after.hash().hex());
                update.setLong(3, before.sequence());
                if (update.executeUpdate() != 1) {
                    throw new AuditLogException(
                            "Somebody else carries the ledger into this audit database.");
                }
                for (LedgerEntry entry : entries) {
                    rows.add(entry);
                }
                rows.send();
                TimeSpans.extend(connection, entries);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
        }
    }

    /** Goes on after entries that were removed. */
    static void skip(DataSource database, LedgerPosition before, LedgerPosition to)
            throws SQLException {
        try (Connection connection = database.getConnection();
                var update =
                        connection.prepareStatement(
                                "update audit.projection set position = ?, hash = ?"
                                        + " where id = 1 and position = ?")) {
            update.setLong(1, to.sequence());
            update.setString(2, to.hash().hex());
            update.setLong(3, before.sequence());
            update.executeUpdate();
        }
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
