package dev.bastion.audit.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.db.MVTable;
import org.h2.result.Row;
import org.h2.table.Table;

/**
 * Compares the tables of an H2 database with their indexes, which H2 itself does not do: after a
 * crash in a bad moment a row may be in one and not in the other, and queries would miss it.
 *
 * <p>The numbers of rows of each table and of the entries of each of its indexes are kept by H2 and
 * compared whatever the size. Then each row, the newest first, is looked up in each index, until
 * all were or the time is over; a crash damages what was written last. Where all rows were found
 * and the numbers are equal, table and index hold the same.
 *
 * <p>Confined to one thread; nobody else must write meanwhile.
 */
public final class TableCheck {

    /** Rows between two looks at the clock. */
    private static final int ROWS_AT_ONCE = 64;

    private static final int MOST_FAULTS = 10;

    private final SessionLocal session;
    private final List<String> faults = new ArrayList<>();
    private int tables;
    private int indexes;
    private long rows;
    private boolean whole = true;

    private TableCheck(SessionLocal session) {
        this.session = session;
    }

    /**
     * What was looked at, and what does not agree.
     *
     * @param rows that were looked up in each index
     * @param whole whether these were all rows of all tables
     * @param faults sentences; empty when all agrees
     */
    public record Report(int tables, int indexes, long rows, boolean whole, List<String> faults) {

        public Report {
            faults = List.copyOf(faults);
        }

        /** What was done, for the log. */
        public String summary() {
            return "%d tables and their %d indexes agree (numbers of all; %s %d rows one by one)"
                    .formatted(tables, indexes, whole ? "all" : "the newest", rows);
        }
    }

    /**
     * Checks all tables.
     *
     * @param limit roughly, for looking up rows
     */
    public static Report run(Connection connection, Duration limit) throws SQLException {
        SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        var check = new TableCheck(session);
        try {
            return check.all(limit);
        } finally {
            session.commit(false);
        }
    }

    private Report all(Duration limit) {
        List<MVTable> found = new ArrayList<>();
        for (Table table : session.getDatabase().getAllTablesAndViews()) {
            if (table instanceof MVTable stored) {
                found.add(stored);
            }
        }
        long end = System.nanoTime() + limit.toNanos();
        for (int i = 0; i < found.size(); i++) {
            long now = System.nanoTime();
            table(found.get(i), now + (end - now) / (found.size() - i));
        }
        return new Report(tables, indexes, rows, whole, faults);
    }

    private void table(MVTable table, long endNanos) {
        try {
            tables++;
            Index scan = table.getScanIndex(session);
            long number = scan.getRowCount(session);
            List<Index> others = new ArrayList<>();
            for (Index index : table.getIndexes()) {
                if (index.canScan() && !index.isRowIdIndex()) {
                    others.add(index);
                    indexes++;
                    long entries = index.getRowCount(session);
                    if (entries != number) {
                        fault(
                                "index %s has %d entries, its table %s has %d rows"
                                        .formatted(
                                                index.getName(), entries, table.getName(), number));
                    }
                }
            }
            lookUp(table, scan, others, endNanos);
        } catch (RuntimeException e) {
            // H2 has several that say that a page is not what it should be.
            fault("table " + table.getName() + " cannot be read: " + e.getMessage());
        }
    }

    private void lookUp(Table table, Index scan, List<Index> others, long endNanos) {
        Cursor newest = scan.find(session, null, null, true);
        for (long row = 0; newest.next(); row++) {
            if (row % ROWS_AT_ONCE == 0 && System.nanoTime() > endNanos) {
                whole = false;
                return;
            }
            rows++;
            for (Index index : others) {
                if (!holds(index, newest.get())) {
                    fault(
                            "row %d of table %s is not in index %s"
                                    .formatted(
                                            newest.get().getKey(),
                                            table.getName(),
                                            index.getName()));
                    return;
                }
            }
        }
    }

    private boolean holds(Index index, Row row) {
        Cursor equal = index.find(session, row, row, false);
        while (equal.next()) {
            if (equal.getSearchRow().getKey() == row.getKey()) {
                return true;
            }
        }
        return false;
    }

    private void fault(String sentence) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(sentence);
        }
    }
}
