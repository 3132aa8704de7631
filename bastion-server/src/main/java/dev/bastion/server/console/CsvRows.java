package dev.bastion.server.console;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** RFC 4180: a header, CRLF, quotes where needed; control characters escaped. */
final class CsvRows implements Rows {

    private final Output out;

    CsvRows(Output out, List<String> columns) {
        this.out = out;
        out.print(String.join(",", columns) + "\r\n");
    }

    @Override
    public void row(@Nullable Object... values) {
        out.print(Arrays.stream(values).map(CsvRows::field).collect(Collectors.joining(",")));
        out.print("\r\n");
    }

    private static String field(@Nullable Object value) {
        String text = ShownText.escape(Rows.text(value));
        return text.indexOf(',') >= 0 || text.indexOf('"') >= 0
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }

    @Override
    public void close() {
        out.flush();
    }
}
