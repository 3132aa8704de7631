package dev.bastion.server.replay;

import org.jline.utils.ScreenTerminal;

/** A row of cells as bytes for any terminal with 256 colours; text that is harmless. */
final class CellText {

    private CellText() {}

    static String of(long[] cells, int from, int to) {
        StringBuilder out = new StringBuilder((to - from) + 16);
        long before = 0;
        int end = to;
        while (end > from && isBlank(cells[end - 1])) {
            end--;
        }
        for (int i = from; i < end; i++) {
            int point = ScreenTerminal.cellCodePoint(cells[i]);
            if (point == 0) {
                // The second half of a wide character.
                continue;
            }
            long look = ScreenTerminal.cellAttr(cells[i]);
            if (look != before) {
                attributes(out, cells[i]);
                before = look;
            }
            out.appendCodePoint(isHarmless(point) ? point : '?');
        }
        return before == 0 ? out.toString() : out.append("\033[0m").toString();
    }

    private static boolean isBlank(long cell) {
        return cell == ' ' || cell == 0;
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    private static void attributes(StringBuilder out, long cell) {
        out.append("\033[0");
        if (ScreenTerminal.cellBold(cell)) {
            out.append(";1");
        }
        if (ScreenTerminal.cellDim(cell)) {
            out.append(";2");
        }
        if (ScreenTerminal.cellItalic(cell)) {
            out.append(";3");
        }
        if (ScreenTerminal.cellUnderline(cell)) {
            out.append(";4");
        }
        if (ScreenTerminal.cellInverse(cell)) {
            out.append(";7");
        }
        if (ScreenTerminal.cellConceal(cell)) {
            out.append(";8");
        }
        if (ScreenTerminal.cellHasForeground(cell)) {
            out.append(";38;5;").append(colour(ScreenTerminal.cellForeground(cell)));
        }
        if (ScreenTerminal.cellHasBackground(cell)) {
            out.append(";48;5;").append(colour(ScreenTerminal.cellBackground(cell)));
        }
        out.append('m');
    }

    /** The nearest of the 6 by 6 by 6 colours, or of the greys. */
    private static int colour(int packed) {
        int rgb = ScreenTerminal.cellColorRgb(packed);
        int red = rgb >> 16 & 0xff;
        int green = rgb >> 8 & 0xff;
        int blue = rgb & 0xff;
        if (red == green && green == blue && red > 8 && red < 240) {
            return 232 + Math.clamp((red - 8) / 10, 0, 23);
        }
        return 16 + 36 * level(red) + 6 * level(green) + level(blue);
    }

    private static int level(int value) {
        return Math.round(value * 5 / 255f);
    }
}
