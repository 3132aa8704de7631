package dev.bastion.server.console;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A listing that is written row by row. Confined to one thread. Closing writes what is left. */
interface Rows extends AutoCloseable {

    /**
     * Writes a row: strings, numbers, booleans, times, lists, maps or nothing, one for each column.
     */
    void row(@Nullable Object... values);

    @Override
    void close();

    /**
     * Begins a listing.
     *
     * @param columns names, in the order of the values
     * @param inTable the columns that a table shows, in its order
     */
    static Rows of(Format format, Output out, List<String> columns, List<String> inTable) {
        return switch (format) {
            case TABLE -> new TableRows(out, columns, inTable);
            case JSON -> new JsonRows(out, columns);
            case CSV -> new CsvRows(out, columns);
        };
    }

    /** A value as text for people. */
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Instant time -> TimeArgument.shown(time);
            case Collection<?> list ->
                    list.stream().map(Rows::text).sorted().collect(Collectors.joining(","));
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .sorted()
                            .collect(Collectors.joining(","));
            default -> String.valueOf(value);
        };
    }
}
