package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.jdbc.EntryPages.Page;
import dev.bastion.audit.jdbc.Listing.Direction;
import dev.bastion.audit.jdbc.Listing.Found;
import dev.bastion.audit.jdbc.TimeSpans.Range;
import dev.bastion.audit.words.WordQuery;
import dev.bastion.audit.words.Words;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks the audit database, a page at a time: at most {@link #PAGE_ROWS} rows are in memory, and no
 * connection is held while the caller looks at them. A listing ends with the row that was the
 * newest when it began. Thread-safe.
 */
public final class JdbcAuditReader implements AuditReader {

    /** Rows of one page. */
    static final int PAGE_ROWS = 500;

    /** Rows of a page of a search back, at least: some may not match. */
    private static final int LEAST_ROWS = 32;

    private final Supplier<DataSource> database;
    private final Words words;
    private final Runnable catchUp;

    /**
     * @param database throws {@link AuditLogException} with a sentence while it is away
     * @param words which entries hold the words of a query's text
     * @param catchUp waits, for a bounded time, until the database has what the ledger has
     */
    public JdbcAuditReader(Supplier<DataSource> database, Words words, Runnable catchUp) {
        this.database = database;
        this.words = words;
        this.catchUp = catchUp;
    }

    @Override
    public Entries entries(@Nullable Instant since, @Nullable Instant until) {
        catchUp.run();
        if (since == null && until == null) {
            return new Entries(1, Long.MAX_VALUE);
        }
        try {
            Range range = TimeSpans.entries(database.get(), since, until);
            return new Entries(range.first(), until == null ? Long.MAX_VALUE : range.last());
        } catch (SQLException e) {
            throw unanswered(e);
        }
    }

    private static AuditLogException unanswered(SQLException e) {
        return new AuditLogException("The audit database cannot be asked: " + e.getMessage(), e);
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
    public void refusals(Query query, Consumer<AuditRecord.TargetRefused> rows) {
        Predicate<String> pattern = pattern(query);
        list(Listings.REFUSALS, query, row -> pattern.test(row.target()), rows);
    }

    @Override
    public void questions(Query query, Consumer<AuditRecord.AuditConsulted> rows) {
        Predicate<String> pattern = pattern(query);
        list(Listings.QUESTIONS, query, row -> pattern.test(row.query()), rows);
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
            Range range = range(listing, query);
            if (range.first() > range.last()) {
                return;
            }
            EntryPages<R> pages = pages(listing, query);
            long first =
                    query.limit() > 0
                            ? oldestOfNewest(pages, range, query.limit(), matches)
                            : range.first();
            forward(pages, new Range(first, range.last()), matches, rows);
        } catch (SQLException e) {
            throw unanswered(e);
        }
    }

    /** From the first entry that a time allows to the newest that there is. */
    private Range range(Listing<?> listing, Query query) throws SQLException {
        DataSource source = database.get();
        long newest;
        String sql = "select max(t.entry) from audit.%s t".formatted(listing.table());
        try (var connection = source.getConnection();
                var select = connection.prepareStatement(sql);
                var result = select.executeQuery()) {
            result.next();
            newest = result.getLong(1);
        }
        if (query.since() == null && query.until() == null) {
            return new Range(1, newest);
        }
        Range inTimes = TimeSpans.entries(source, query.since(), query.until());
        return new Range(inTimes.first(), Math.min(newest, inTimes.last()));
    }

    private <R> EntryPages<R> pages(Listing<R> listing, Query query) {
        Conditions where = Conditions.of(query, listing);
        var table = new TablePages<>(database, listing, where, listing.leadingColumn(query));
        String text = query.text();
        if (text == null) {
            return table;
        }
        WordQuery.Kind kind = listing.words();
        if (kind == null) {
            return EntryPages.none();
        }
        var asked =
                new WordQuery(
                        kind,
                        text,
                        query.user(),
                        query.host(),
                        query.account(),
                        query.session(),
                        query.since(),
                        query.until());
        return new WordPages<>(words, asked, table);
    }

    /** Goes back from the newest page by page; the entry of the Nth match, or of the last found. */
    private static <R> long oldestOfNewest(
            EntryPages<R> pages, Range range, int limit, Predicate<R> matches) throws SQLException {
        long oldest = range.last() + 1;
        int found = 0;
        long last = range.last();
        while (true) {
            int wanted = Math.min(PAGE_ROWS, Math.max(limit - found, LEAST_ROWS));
            Page<R> page = pages.page(new Range(range.first(), last), Direction.DESCENDING, wanted);
            for (Found<R> row : page.rows()) {
                if (matches.test(row.row())) {
                    oldest = row.entry();
                    found++;
                    if (found == limit) {
                        return oldest;
                    }
                }
            }
            if (page.isLast()) {
                return oldest;
            }
            last = page.reached() - 1;
        }
    }

    private static <R> void forward(
            EntryPages<R> pages, Range range, Predicate<R> matches, Consumer<R> rows)
            throws SQLException {
        long first = range.first();
        while (first <= range.last()) {
            Page<R> page =
                    pages.page(new Range(first, range.last()), Direction.ASCENDING, PAGE_ROWS);
            for (Found<R> row : page.rows()) {
                if (matches.test(row.row())) {
                    rows.accept(row.row());
                }
            }
            if (page.isLast()) {
                return;
            }
            first = page.reached() + 1;
        }
    }
}
