package dev.bastion.audit.jdbc;

import dev.bastion.audit.jdbc.Listing.Direction;
import dev.bastion.audit.jdbc.Listing.Found;
import dev.bastion.audit.jdbc.TimeSpans.Range;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Pages as the database finds them, in the order of its entries. Holds no connection between.
 *
 * @param lead see {@link Listing#leadingColumn}
 */
record TablePages<R>(
        Supplier<DataSource> database, Listing<R> listing, Conditions where, @Nullable String lead)
        implements EntryPages<R> {

    @Override
    public Page<R> page(Range range, Direction order, int size) throws SQLException {
        Conditions within =
                where.and("t.entry >= ?", range.first()).and("t.entry <= ?", range.last());
        List<Found<R>> rows = rows(within, lead, order, size);
        return rows.size() < size
                ? new Page<>(rows, range.last(), true)
                : new Page<>(rows, rows.getLast().entry(), false);
    }

    /** The rows of these entries that meet the conditions. */
    List<Found<R>> rows(long[] entries, Direction order) throws SQLException {
        Object[] numbers = new Object[entries.length];
        for (int i = 0; i < entries.length; i++) {
            numbers[i] = entries[i];
        }
        return rows(where.and("t.entry = any(?)", numbers), null, order, entries.length);
    }

    private List<Found<R>> rows(
            Conditions conditions, @Nullable String by, Direction order, int size)
            throws SQLException {
        try (var connection = database.get().getConnection();
                var select =
                        connection.prepareStatement(listing.select(conditions, by, order, size))) {
            conditions.bind(select);
            List<Found<R>> page = new ArrayList<>();
            try (var result = select.executeQuery()) {
                while (result.next()) {
                    page.add(new Found<>(result.getLong(1), listing.mapper().map(result)));
                }
            }
            return page;
        }
    }
}
