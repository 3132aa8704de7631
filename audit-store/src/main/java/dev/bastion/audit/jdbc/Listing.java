package dev.bastion.audit.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A table as a query lists it.
 *
 * @param table its alias is {@code t}
 * @param joins what is joined to it, one row at most for each of its own
 * @param filter of the rows with what is joined to them, which are listed
 * @param user the column that a query's user is compared with
 * @param target whether the table has columns host, account and session_id; if not, a query that
 *     names one of them finds nothing
 */
record Listing<R>(
        String table,
        String columns,
        String joins,
        String filter,
        String user,
        boolean target,
        Mapper<R> mapper) {

    /** Reads the row that the result stands on. */
    interface Mapper<R> {
        R map(ResultSet row) throws SQLException;
    }

    /** A row with the entry it came from. */
    record Found<R>(long entry, R row) {}

    String select(Conditions where, Direction order, int page) {
        return "select t.entry, %s from audit.%s t %s where %s and %s order by t.entry %s limit %d"
                .formatted(
                        columns,
                        table,
                        joins,
                        where.sql(),
                        filter,
                        order == Direction.DESCENDING ? "desc" : "asc",
                        page);
    }

    /** Order of the entries. */
    enum Direction {
        ASCENDING,
        DESCENDING
    }
}
