package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.jdbc.Listing.Direction;
import dev.bastion.audit.jdbc.Listing.Found;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Asks the audit database, a page at a time: at most {@link #PAGE_ROWS} rows are in memory, and no
 * connection is held while the caller looks at them. A listing ends with the row that was the
 * newest when it began. Thread-safe.
 */
public final class JdbcAuditReader implements AuditReader {

    /** Rows of one page. */
    static final int PAGE_ROWS = 500;

    private final Supplier<DataSource> database;
    private final Runnable catchUp;

    /**
     * @param database throws {@link AuditLogException} with a sentence while it is away
     * @param catchUp waits, for a bounded time, until the database has what the ledger has
     */
    public JdbcAuditReader(Supplier<DataSource> database, Runnable catchUp) {
        this.database = database;
        this.catchUp = catchUp;
    }

    @Override
    public void commands(Query query, Consumer<CommandRow> rows) {
        Predicate<String> pattern = pattern(query);
        list(
                Listings.COMMANDS,
                query,
                row ->
                        pattern.test(row.record().command())
                                || pattern.test(row.record().keystrokes()),
                rows);
    }

    @Override
    public void files(Query query, Consumer<AuditRecord.FileOperated> rows) {
        Predicate<String> pattern = pattern(query);
        list(
                Listings.FILES,
                query,
                row -> pattern.test(row.path()) || pattern.test(row.target()),
                rows);
    }

    @Override
    public void forwards(Query query, Consumer<ForwardRow> rows) {
        Predicate<String> pattern = pattern(query);
        list(Listings.FORWARDS, query, row -> pattern.test(row.opened().destination()), rows);
    }

    private static Predicate<String> pattern(Query query) {
        Pattern grep = query.grep();
        return grep == null
                ? text -> true
                : new BoundedPattern(grep, BoundedPattern.LONGEST)::foundIn;
    }

    @Override
    public void sessions(Query query, Consumer<SessionRow> rows) {
        list(Listings.SESSIONS, query, row -> true, rows);
    }

    @Override
    public void logins(Query query, Consumer<AuditRecord.LoginAttempted> rows) {
        list(Listings.LOGINS, query, row -> true, rows);
    }

    @Override
    public void changes(Query query, Consumer<AuditRecord.ConfigurationChanged> rows) {
        list(Listings.CHANGES, query, row -> true, rows);
    }

    @Override
    public Optional<SessionRow> session(SessionId id) {
        var query = new Query(null, null, null, id, null, null, null, 1);
        List<SessionRow> found = new ArrayList<>(1);
        sessions(query, found::add);
        return found.stream().findFirst();
    }

    private <R> void list(Listing<R> listing, Query query, Predicate<R> matches, Consumer<R> rows) {
        catchUp.run();
        try {
            Conditions where = withinTimes(listing, query);
            OptionalLong newest = edge(listing, "max", where);
            if (newest.isEmpty()) {
                return;
            }
            long last = newest.getAsLong();
            long first =
                    query.limit() > 0
                            ? oldestOfNewest(listing, where, last, query.limit(), matches)
                            : 1;
            forward(listing, where, first, last, matches, rows);
        } catch (SQLException e) {
            throw new AuditLogException("The audit database cannot be asked: " + e.getMessage(), e);
        }
    }

    /** Times as entries besides, so that a page never searches beyond them. */
    private Conditions withinTimes(Listing<?> listing, Query query) throws SQLException {
        Conditions where = Conditions.of(query, listing);
        if (query.since() == null && query.until() == null) {
            return where;
        }
        var times = new Query(null, null, null, null, query.since(), query.until(), null, 0);
        Conditions inTimes = Conditions.of(times, listing);
        OptionalLong from = edge(listing, "min", inTimes);
        OptionalLong to = edge(listing, "max", inTimes);
        return where.and("t.entry >= ?", from.orElse(Long.MAX_VALUE))
                .and("t.entry <= ?", to.orElse(0));
    }

    /** Goes back from the newest page by page; the entry of the Nth match, or of the last found. */
    private <R> long oldestOfNewest(
            Listing<R> listing, Conditions where, long newest, int limit, Predicate<R> matches)
            throws SQLException {
        long before = newest + 1;
        long oldest = newest;
        int found = 0;
        while (true) {
            List<Found<R>> page =
                    page(listing, where.and("t.entry < ?", before), Direction.DESCENDING);
            for (Found<R> row : page) {
                if (matches.test(row.row())) {
                    oldest = row.entry();
                    found++;
                    if (found == limit) {
                        return oldest;
                    }
                }
            }
            if (page.size() < PAGE_ROWS) {
                return oldest;
            }
            before = page.getLast().entry();
        }
    }

    private <R> void forward(
            Listing<R> listing,
            Conditions where,
            long first,
            long last,
            Predicate<R> matches,
            Consumer<R> rows)
            throws SQLException {
        Conditions upTo = where.and("t.entry <= ?", last);
        long after = first - 1;
        while (after < last) {
            List<Found<R>> page =
                    page(listing, upTo.and("t.entry > ?", after), Direction.ASCENDING);
            for (Found<R> row : page) {
                if (matches.test(row.row())) {
                    rows.accept(row.row());
                }
            }
            if (page.size() < PAGE_ROWS) {
                return;
            }
            after = page.getLast().entry();
        }
    }

    private <R> List<Found<R>> page(Listing<R> listing, Conditions where, Direction order)
            throws SQLException {
        try (var connection = database.get().getConnection();
                var select = connection.prepareStatement(listing.select(where, order, PAGE_ROWS))) {
            where.bind(select);
            List<Found<R>> page = new ArrayList<>();
            try (var result = select.executeQuery()) {
                while (result.next()) {
                    page.add(new Found<>(result.getLong(1), listing.mapper().map(result)));
                }
            }
            return page;
        }
    }

    private OptionalLong edge(Listing<?> listing, String function, Conditions where)
            throws SQLException {
        String sql =
                "select %s(t.entry) from audit.%s t where %s"
                        .formatted(function, listing.table(), where.sql());
        try (var connection = database.get().getConnection();
                var select = connection.prepareStatement(sql)) {
            where.bind(select);
            try (var result = select.executeQuery()) {
                result.next();
                long value = result.getLong(1);
                return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
            }
        }
    }
}
