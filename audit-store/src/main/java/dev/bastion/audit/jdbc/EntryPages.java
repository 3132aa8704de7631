package dev.bastion.audit.jdbc;

import dev.bastion.audit.jdbc.Listing.Direction;
import dev.bastion.audit.jdbc.Listing.Found;
import dev.bastion.audit.jdbc.TimeSpans.Range;
import java.sql.SQLException;
import java.util.List;

/** The rows of a listing that meet a query's conditions, a page at a time. Blocks. */
interface EntryPages<R> {

    /**
     * One page.
     *
     * @param rows in the order asked for; may be empty although it is not the last
     * @param reached the entry up to which all has been looked at
     * @param isLast whether nothing is left beyond it
     */
    record Page<R>(List<Found<R>> rows, long reached, boolean isLast) {}

    /**
     * The first rows within a range, from its beginning or from its end.
     *
     * @param size at most so many
     */
    Page<R> page(Range range, Direction order, int size) throws SQLException;

    /** Of a listing that cannot meet them. */
    static <R> EntryPages<R> none() {
        return (range, order, size) -> new Page<>(List.of(), range.last(), true);
    }
}
