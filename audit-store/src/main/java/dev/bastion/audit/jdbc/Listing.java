package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.words.WordQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A table as a query lists it. A condition that it does not know finds nothing.
 *
 * @param table its alias is {@code t}
 * @param joins what is joined to it, one row at most for each of its own
 * @param filter of the rows with what is joined to them, which are listed
 * @param user the column that a query's user is compared with
 * @param target whether the table has columns host, account and session_id
 * @param kind whether it has the column kind
 * @param result the condition for a query's result, which stands for its {@code ?}; null when there
 *     is none
 * @param words whose index holds the entries of the table; null when none does
 */
record Listing<R>(
        String table,
        String columns,
        String joins,
        String filter,
        String user,
        boolean target,
        boolean kind,
        @Nullable String result,
        WordQuery.@Nullable Kind words,
        Mapper<R> mapper) {

    /** Reads the row that the result stands on. */
    interface Mapper<R> {
        R map(ResultSet row) throws SQLException;
    }

    /** A row with the entry it came from. */
    record Found<R>(long entry, R row) {}

    /**
     * The column that the index to use begins with, before the entry; null for that of the entries.
     */
    @Nullable String leadingColumn(Query query) {
        if (query.user() != null) {
            return "t." + user;
        }
        return target && query.host() != null ? "t.host" : null;
    }

    /**
     * @param lead a column in which all rows are equal, by which they are sorted besides: only then
     *     does H2 take them from its index in order, and not sort all of them
     */
    String select(Conditions where, @Nullable String lead, Direction order, int page) {
        String direction = order == Direction.DESCENDING ? " desc" : " asc";
        return "select t.entry, %s from audit.%s t %s where %s and %s order by %st.entry%s limit %d"
                .formatted(
                        columns,
                        table,
                        joins,
                        where.sql(),
                        filter,
                        lead == null ? "" : lead + direction + ", ",
                        direction,
                        page);
    }

    /** Order of the entries. */
    enum Direction {
        ASCENDING,
        DESCENDING
    }
}
