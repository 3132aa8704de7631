package dev.bastion.server.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object a line. */
final class JsonRows implements Rows {

    private final Output out;
    private final List<String> columns;

    JsonRows(Output out, List<String> columns) {
        this.out = out;
        this.columns = columns;
    }

    @Override
    public void row(@Nullable Object... values) {
        StringBuilder line = new StringBuilder("{");
        for (int i = 0; i < values.length; i++) {
            line.append(i == 0 ? "" : ",").append(ShownText.json(columns.get(i))).append(':');
            JsonText.append(line, values[i]);
        }
        out.print(line.append("}\n").toString());
    }

    @Override
    public void close() {
        out.flush();
    }
}
