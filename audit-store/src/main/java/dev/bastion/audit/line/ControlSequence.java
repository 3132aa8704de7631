package dev.bastion.audit.line;

/** One CSI sequence: its parameters as they come, and what it does to the screen. */
final class ControlSequence {

    private static final int MAX_PARAMETERS = 16;
    private static final int MAX_VALUE = 9_999;

    private final Screen screen;
    private final OutputMarks marks;
    private final int[] values = new int[MAX_PARAMETERS];
    private int count;
    private int prefix;
    private int intermediate;

    ControlSequence(Screen screen, OutputMarks marks) {
        this.screen = screen;
        this.marks = marks;
    }

    void begin() {
        count = 1;
        values[0] = -1;
        prefix = 0;
        intermediate = 0;
    }

    /** A byte between the introducer and the final byte. */
    void add(int value) {
        if (value >= '0' && value <= '9') {
            int now = values[count - 1];
            values[count - 1] = Math.min(MAX_VALUE, Math.max(0, now) * 10 + value - '0');
        } else if (value == ';' || value == ':') {
            if (count < MAX_PARAMETERS) {
                values[count++] = -1;
            }
        } else if (value >= 0x3c) {
            prefix = value;
        } else {
            intermediate = value;
        }
    }

    void run(int end) {
        if (intermediate != 0) {
            return;
        }
        if (prefix == '?') {
            if (end == 'h' || end == 'l') {
                for (int i = 0; i < count; i++) {
                    privateMode(values[i], end == 'h');
                }
            }
        } else if (prefix == 0) {
            marks.controlSequence();
            plain(end);
        }
    }

    private int value(int index, int fallback) {
        return index < count && values[index] > 0 ? values[index] : fallback;
    }

    private void privateMode(int mode, boolean on) {
        switch (mode) {
            case 7 -> screen.autowrap(on);
            case 47, 1047, 1049 -> {
                if (on) {
                    marks.alternateScreen(true);
                }
                screen.alternate(on);
                if (!on) {
                    marks.alternateScreen(false);
                }
            }
            case 1048 -> {
                if (on) {
                    screen.save();
                } else {
                    screen.restore();
                }
            }
            case 2004 -> marks.bracketedPaste(on);
            default -> {}
        }
    }

    private void plain(int end) {
        int one = value(0, 1);
        switch (end) {
            case 'A' -> screen.moveBy(0, -one);
            case 'B', 'e' -> screen.moveBy(0, one);
            case 'C', 'a' -> screen.moveBy(one, 0);
            case 'D' -> screen.moveBy(-one, 0);
            case 'E' -> {
                screen.moveBy(0, one);
                screen.carriageReturn();
            }
            case 'F' -> {
                screen.moveBy(0, -one);
                screen.carriageReturn();
            }
            case 'G', '`' -> screen.moveToColumn(one - 1);
            case 'd' -> screen.moveToRow(one - 1);
            case 'H', 'f' -> {
                screen.moveToRow(one - 1);
                screen.moveToColumn(value(1, 1) - 1);
            }
            case 'I' -> {
                for (int i = Math.min(one, Screen.MAX_COLUMNS); i > 0; i--) {
                    screen.tab();
                }
            }
            case 'J' -> {
                marks.erasing(value(0, 0));
                screen.eraseInDisplay(value(0, 0));
            }
            case 'K' -> screen.eraseInLine(value(0, 0));
            case 'L' -> screen.insertLines(one);
            case 'M' -> screen.deleteLines(one);
            case 'P' -> screen.deleteCharacters(one);
            case 'X' -> screen.eraseCharacters(one);
            case '@' -> screen.insertCharacters(one);
            case 'S' -> screen.scrollUp(one);
            case 'T' -> screen.scrollDown(one);
            case 'r' -> screen.margins(one - 1, value(1, screen.rows()) - 1);
            case 's' -> screen.save();
            case 'u' -> screen.restore();
            case 'h', 'l' -> {
                if (values[0] == 4) {
                    screen.insertMode(end == 'h');
                }
            }
            case 'm' -> rendition();
            default -> {}
        }
    }

    /** Of colours only this matters: whether text is faint or grey, as suggestions are. */
    private void rendition() {
        for (int i = 0; i < count; i++) {
            int code = Math.max(0, values[i]);
            if (code == 38 || code == 48) {
                boolean indexed = value(i + 1, 0) == 5;
                if (code == 38) {
                    screen.faint(indexed ? isGrey(value(i + 2, 0)) : isGreyTriple(i + 2));
                }
                i += indexed ? 2 : 4;
            } else if (code == 2 || code == 90) {
                screen.faint(true);
            } else if (code == 0 || code == 22 || isForeground(code)) {
                screen.faint(false);
            }
        }
    }

    private static boolean isForeground(int code) {
        return (code >= 30 && code <= 39) || (code > 90 && code <= 97);
    }

    private static boolean isGrey(int colour) {
        return colour == 8 || (colour >= 238 && colour <= 247);
    }

    private boolean isGreyTriple(int index) {
        int red = value(index, 0);
        return red >= 0x40
                && red <= 0xa0
                && red == value(index + 1, 0)
                && red == value(index + 2, 0);
    }
}
