package dev.bastion.menu;

import dev.bastion.menu.MenuView.Line;
import dev.bastion.menu.MenuView.Span;
import dev.bastion.menu.MenuView.Style;
import java.util.ArrayList;
import java.util.List;

/** Builds one line that never gets wider than it may. Text must be safe already. */
final class LineBuilder {

    private final int columns;
    private final List<Span> spans = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Style style = Style.PLAIN;
    private int used;

    LineBuilder(int columns) {
        this.columns = columns;
    }

    int used() {
        return used;
    }

    LineBuilder add(String more, Style moreStyle) {
        return add(more, columns - used, moreStyle, moreStyle, List.of());
    }

    /**
     * Adds as much as fits, ending in {@code ~} when cut, with the letters of the words marked.
     *
     * @param width the columns it may take at most
     */
    LineBuilder add(String more, int width, Style plain, Style marked, List<String> words) {
        int room = Math.min(width, columns - used);
        boolean cut = DisplayWidth.of(more) > room;
        int end = used + (cut ? room - 1 : room);
        boolean[] marks = marks(more, words);
        for (int i = 0; i < more.length(); ) {
            int codePoint = more.codePointAt(i);
            int wide = DisplayWidth.of(codePoint);
            if (used + wide > end) {
                break;
            }
            append(codePoint, wide, marks[i] ? marked : plain);
            i += Character.charCount(codePoint);
        }
        if (cut && room > 0) {
            append('~', 1, plain);
        }
        return this;
    }

    /** Blanks up to a column. */
    LineBuilder pad(int column, Style plain) {
        while (used < Math.min(column, columns)) {
            append(' ', 1, plain);
        }
        return this;
    }

    Line build() {
        flush();
        return new Line(spans);
    }

    private void append(int codePoint, int wide, Style as) {
        if (as != style) {
            flush();
            style = as;
        }
        text.appendCodePoint(codePoint);
        used += wide;
    }

    private void flush() {
        if (!text.isEmpty()) {
            spans.add(new Span(text.toString(), style));
            text.setLength(0);
        }
    }

    private static boolean[] marks(String text, List<String> words) {
        boolean[] marks = new boolean[text.length()];
        if (!words.isEmpty()) {
            String folded = FoldedText.of(text);
            for (String word : words) {
                for (int position : FuzzyMatcher.positions(word, folded)) {
                    marks[position] = true;
                }
            }
        }
        return marks;
    }
}
