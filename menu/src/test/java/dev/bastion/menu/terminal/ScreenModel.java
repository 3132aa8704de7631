package dev.bastion.menu.terminal;

import dev.bastion.menu.DisplayWidth;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An xterm as far as the menu needs one: cells, a cursor, a style, the alternate screen. Any byte
 * that it does not know fails the test.
 */
final class ScreenModel extends ByteArrayOutputStream {

    private static final Pattern SEQUENCE = Pattern.compile("\033\\[([?>]?)([0-9;]*)([A-Za-z@`])");

    private String[][] cells = new String[0][0];
    private String[][] styles = new String[0][0];
    private int column;
    private int row;
    private final TreeSet<Integer> attributes = new TreeSet<>();
    private String style = "[]";
    private boolean onAlternate;
    private boolean isCursorShown = true;
    private boolean marksPastes;
    private int paints;

    ScreenModel(int columns, int rows) {
        resize(columns, rows);
    }

    void resize(int columns, int rows) {
        cells = new String[rows][columns];
        styles = new String[rows][columns];
        for (int i = 0; i < rows; i++) {
            Arrays.fill(cells[i], "#"); // whatever a resize leaves behind
            Arrays.fill(styles[i], "[]");
        }
        column = Math.min(column, columns - 1);
        row = Math.min(row, rows - 1);
    }

    boolean onAlternate() {
        return onAlternate;
    }

    boolean isCursorShown() {
        return isCursorShown;
    }

    boolean marksPastes() {
        return marksPastes;
    }

    String style() {
        return style;
    }

    int paints() {
        return paints;
    }

    int cursorColumn() {
        return column;
    }

    int cursorRow() {
        return row;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (String[] cellRow : cells) {
            lines.add(String.join("", cellRow).stripTrailing());
        }
        return lines;
    }

    /** Text and style of every cell. */
    List<String> everything() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            for (int j = 0; j < cells[i].length; j++) {
                all.add(cells[i][j] + "|" + styles[i][j]);
            }
        }
        all.add(row + ":" + column);
        return all;
    }

    @Override
    public void flush() {
        paints++;
        String text = toString(StandardCharsets.UTF_8);
        reset();
        Matcher sequence = SEQUENCE.matcher(text);
        for (int i = 0; i < text.length(); ) {
            if (sequence.region(i, text.length()).lookingAt()) {
                perform(sequence.group(1), sequence.group(2), sequence.group(3));
                i = sequence.end();
            } else if (text.startsWith("\033(B", i)) {
                i += 3;
            } else {
                int codePoint = text.codePointAt(i);
                i += Character.charCount(codePoint);
                put(codePoint);
            }
        }
    }

    private void put(int codePoint) {
        switch (codePoint) {
            case '\r' -> column = 0;
            case '\n' -> row = Math.min(row + 1, cells.length - 1);
            case '\b' -> column = Math.max(0, column - 1);
            default -> {
                if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) {
                    throw new AssertionError("control character " + codePoint);
                }
                print(codePoint);
            }
        }
    }

    private void print(int codePoint) {
        int width = DisplayWidth.of(codePoint);
        String character = Character.toString(codePoint);
        if (width == 0) {
            int at = column - 1;
            while (at > 0 && cells[row][at].isEmpty()) {
                at--;
            }
            cells[row][at] += character;
            return;
        }
        if (column + width > cells[row].length) {
            throw new AssertionError("written beyond the last column of row " + row);
        }
        set(column, character);
        if (width == 2) {
            set(column + 1, "");
        }
        column += width;
    }

    private void set(int at, String character) {
        boolean wasRightHalf = cells[row][at].isEmpty() && !character.isEmpty();
        if (wasRightHalf && at > 0) {
            cells[row][at - 1] = " ";
        }
        boolean leavesRightHalf = at + 1 < cells[row].length && cells[row][at + 1].isEmpty();
        cells[row][at] = character;
        styles[row][at] = style;
        if (leavesRightHalf) {
            cells[row][at + 1] = " ";
        }
    }

    private void perform(String mark, String numbers, String kind) {
        String[] parts = numbers.split(";", -1);
        int first = parts[0].isEmpty() ? 0 : Integer.parseInt(parts[0]);
        int by = Math.max(1, first);
        switch (mark + kind) {
            case "H" -> {
                row = by - 1;
                column = parts.length > 1 ? Integer.parseInt(parts[1]) - 1 : 0;
            }
            case "A" -> row = Math.max(0, row - by);
            case "B" -> row = Math.min(cells.length - 1, row + by);
            case "C" -> column = Math.min(cells[row].length - 1, column + by);
            case "D" -> column = Math.max(0, column - by);
            case "G" -> column = by - 1;
            case "d" -> row = by - 1;
            case "J" -> erase(first);
            case "K" -> eraseLine(row, first == 1 ? 0 : column, first);
            case "m" -> {
                for (String part : parts) {
                    attribute(part.isEmpty() ? 0 : Integer.parseInt(part));
                }
                style = attributes.toString();
            }
            case "?h", "?l" -> mode(numbers, kind.equals("h"));
            case "t" -> {}
            default -> throw new AssertionError("sequence " + mark + numbers + kind);
        }
    }

    private void attribute(int number) {
        switch (number) {
            case 0 -> attributes.clear();
            case 1, 4, 7 -> attributes.add(number);
            case 22 -> attributes.remove(1);
            case 24 -> attributes.remove(4);
            case 27 -> attributes.remove(7);
            case 39 -> attributes.removeIf(one -> one >= 30);
            case 33, 36 -> {
                attributes.removeIf(one -> one >= 30);
                attributes.add(number);
            }
            default -> throw new AssertionError("attribute " + number);
        }
    }

    private void erase(int what) {
        for (int i = 0; i < cells.length; i++) {
            if (what == 2 || i > row) {
                eraseLine(i, 0, 0);
            }
        }
        if (what == 0) {
            eraseLine(row, column, 0);
        }
    }

    private void eraseLine(int line, int from, int what) {
        if (what == 1) {
            throw new AssertionError("erase to the left is not modelled");
        }
        Arrays.fill(cells[line], from, cells[line].length, " ");
        Arrays.fill(styles[line], from, cells[line].length, "[]");
    }

    private void mode(String number, boolean on) {
        for (String one : number.split(";", -1)) {
            switch (one) {
                case "1049" -> onAlternate = on;
                case "25" -> isCursorShown = on;
                case "2004" -> marksPastes = on;
                case "12" -> {}
                default -> throw new AssertionError("mode " + one);
            }
        }
    }
}
