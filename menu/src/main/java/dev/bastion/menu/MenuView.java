package dev.bastion.menu;

import java.util.List;

/**
 * What is to be seen: lines of styled text and the place of the cursor. Immutable; every line fits
 * the columns, and all text is safe to send to a terminal.
 *
 * @param columns the width that it was made for, at least 1
 * @param rows the height that it was made for, at least 1; never fewer than lines
 * @param cursorColumn from 0
 * @param cursorRow from 0
 */
public record MenuView(int columns, int rows, List<Line> lines, int cursorColumn, int cursorRow) {

    public MenuView {
        lines = List.copyOf(lines);
    }

    /** One line, from the left; what it does not fill is blank. */
    public record Line(List<Span> spans) {
        public Line {
            spans = List.copyOf(spans);
        }

        /** The line without its styles. */
        public String text() {
            StringBuilder text = new StringBuilder();
            for (Span span : spans) {
                text.append(span.text());
            }
            return text.toString();
        }
    }

    /** A piece of a line in one style. */
    public record Span(String text, Style style) {}

    /** How a piece stands out; the terminal decides what that looks like. */
    public enum Style {
        PLAIN,
        TITLE,
        DIM,
        MATCH,
        NOTICE,
        SELECTED,
        SELECTED_MATCH
    }
}
