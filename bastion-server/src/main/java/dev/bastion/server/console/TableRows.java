package dev.bastion.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.WCWidth;
import org.jspecify.annotations.Nullable;

/**
 * Aligned columns. The first {@value #MEASURED} rows are held back to measure the columns; the
 * others go out as they come.
 */
final class TableRows implements Rows {

    private static final int MEASURED = 200;

    private final Output out;
    private final List<Integer> shown;
    private final int[] widths;
    private final List<List<String>> held = new ArrayList<>();
    private boolean measured;

    TableRows(Output out, List<String> columns, List<String> inTable) {
        this.out = out;
        this.shown = inTable.stream().map(columns::indexOf).toList();
        this.widths = new int[inTable.size()];
        held.add(inTable.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
    }

    @Override
    public void row(@Nullable Object... values) {
        List<String> cells =
                shown.stream().map(i -> ShownText.escape(Rows.text(values[i]))).toList();
        if (measured) {
            write(cells);
        } else {
            held.add(cells);
            if (held.size() > MEASURED) {
                release();
            }
        }
    }

    private void release() {
        measured = true;
        for (List<String> cells : held) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(cells.get(i)));
            }
        }
        held.forEach(this::write);
        held.clear();
    }

    private void write(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(cell);
            if (i < widths.length - 1) {
                line.repeat(' ', Math.max(0, widths[i] - width(cell)) + 2);
            }
        }
        out.print(line.toString().stripTrailing() + "\n");
    }

    private static int width(String text) {
        return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
    }

    @Override
    public void close() {
        if (!measured) {
            release();
        }
        out.flush();
    }
}
