package dev.bastion.audit.jdbc;

import dev.bastion.audit.jdbc.Listing.Direction;
import dev.bastion.audit.jdbc.TimeSpans.Range;
import dev.bastion.audit.words.WordQuery;
import dev.bastion.audit.words.Words;
import java.sql.SQLException;
import java.util.List;

/** Pages of the entries that hold words; their rows come from the database. */
record WordPages<R>(Words words, WordQuery query, TablePages<R> table) implements EntryPages<R> {

    @Override
    public Page<R> page(Range range, Direction order, int size) throws SQLException {
        long[] entries =
                order == Direction.DESCENDING
                        ? words.newest(query, range.first(), range.last(), size)
                        : words.oldest(query, range.first(), range.last(), size);
        if (entries.length == 0) {
            return new Page<>(List.of(), range.last(), true);
        }
        return new Page<>(
                table.rows(entries, order), entries[entries.length - 1], entries.length < size);
    }
}
