package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Lines of sessions that have no end, because the bastion was killed: they were entered and nobody
 * decides them any more. What they are is what their own entries hold. Stateless.
 */
final class UndecidedLines {

    /** Lines that are decided at once. */
    static final int MAX_LINES = 1_000;

    private static final String SEALED = "sealed-and-unjudged";
    private static final String NOT_SHOWN_YET = "[not shown yet: ";

    /** Keys that give a line up instead of ending it. */
    private static final Set<String> ABORTING = Set.of("^C", "^\\");

    private static final String QUERY =
            """
            select c.connection_id, c.session_id, c.user_name, c.from_address, c.host, c.account,
                   c.seq, c.command, c.source, c.confidence, c.masked, c.ended_by,
                   c.recording_at
            from audit.command c
            where c.source in ('unjudged', 'sealed-and-unjudged')
              and c.command <> ''
              and c.entry <= ?
              and not exists (select 1 from audit.command_line l
                              where l.session_id = c.session_id and l.seq = c.seq)
              and not exists (select 1 from audit.session_end e
                              where e.session_id = c.session_id)
            order by c.entry
            limit\
            """
                    + " "
                    + MAX_LINES;

    private UndecidedLines() {}

    /**
     * The oldest of them, decided.
     *
     * @param last the last entry that such a line may have: later ones are of sessions that go on
     */
    static List<AuditRecord> decided(DataSource database, long last, Instant now)
            throws SQLException {
        List<AuditRecord> lines = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setLong(1, last);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    lines.add(decided(row, now));
                }
            }
        }
        return lines;
    }

    private static AuditRecord decided(ResultSet row, Instant now) throws SQLException {
        SessionContext context =
                new SessionContext(
                        new ConnectionId(row.getString(1)),
                        new SessionId(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6));
        String text = row.getString(8);
        boolean sealed = row.getString(9).equals(SEALED);
        String key = row.getString(12);
        boolean aborted = !sealed && ABORTING.contains(key == null ? "" : key);
        String told = text;
        if (sealed && text.startsWith(NOT_SHOWN_YET)) {
            // The key that it was sealed under is gone.
            told = "[not echoed: " + text.substring(NOT_SHOWN_YET.length());
        } else if (aborted) {
            told = text + key;
        }
        return new AuditRecord.LineDecided(
                now,
                context,
                row.getLong(7),
                sealed ? LineKind.NO_ECHO : aborted ? LineKind.ABORTED : LineKind.COMMAND,
                told,
                told,
                row.getString(9),
                row.getDouble(10),
                !sealed,
                "",
                row.getString(11),
                row.getObject(13, Long.class));
    }
}
