package dev.bastion.audit.line;

/**
 * Reads a host's output and draws it on a {@link Screen}. Bytes may be cut anywhere. What it does
 * not know it leaves out; no sequence makes it keep more than a few numbers. Confined to one
 * thread.
 */
final class OutputParser {

    private static final int ESC = 0x1b;
    private static final int REPLACEMENT = 0xfffd;

    /** A string (OSC, DCS, …) that is longer than this is taken for text that lost its end. */
    private static final int MAX_STRING = 64 * 1024;

    private enum State {
        GROUND,
        ESCAPE,
        CHARSET,
        CSI,
        STRING,
        STRING_ESCAPE
    }

    private final Screen screen;
    private final OutputMarks marks;
    private final ControlSequence sequence;
    private final StringBuilder head = new StringBuilder();
    private State state = State.GROUND;
    private boolean operatingSystemCommand;
    private int stringLength;
    private int point;
    private int missing;

    OutputParser(Screen screen, OutputMarks marks) {
        this.screen = screen;
        this.marks = marks;
        sequence = new ControlSequence(screen, marks);
    }

    /** Forgets a sequence that was cut. */
    void reset() {
        state = State.GROUND;
        missing = 0;
    }

    void feed(byte[] bytes, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            int value = bytes[i] & 0xff;
            if (state == State.GROUND) {
                if (value >= 0x20 && value < 0x7f && missing == 0) {
                    screen.print(value);
                    marks.printed(value);
                } else {
                    ground(value);
                }
            } else {
                escape(value);
            }
        }
    }

    private void ground(int value) {
        if (missing > 0) {
            if ((value & 0xc0) == 0x80) {
                point = point << 6 | (value & 0x3f);
                if (--missing == 0) {
                    show(Character.isValidCodePoint(point) ? point : REPLACEMENT);
                }
                return;
            }
            missing = 0;
            show(REPLACEMENT);
        }
        if (value < 0x80) {
            if (value >= 0x20 && value < 0x7f) {
                show(value);
            } else {
                control(value);
            }
        } else if (value >= 0xc2 && value < 0xf5) {
            missing = value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
            point = value & 0x3f >> missing;
        } else {
            show(REPLACEMENT);
        }
    }

    private void show(int shown) {
        screen.print(shown);
        marks.printed(shown);
    }

    private void control(int value) {
        switch (value) {
            case 0x08 -> screen.backspace();
            case 0x09 -> screen.tab();
            case 0x0a, 0x0b, 0x0c -> {
                marks.lineFeed();
                screen.lineFeed();
            }
            case 0x0d -> screen.carriageReturn();
            case ESC -> state = State.ESCAPE;
            default -> {}
        }
    }

    private void escape(int value) {
        switch (state) {
            case ESCAPE -> afterEscape(value);
            case CHARSET -> state = value == ESC ? State.ESCAPE : State.GROUND;
            case CSI -> csi(value);
            case STRING -> string(value);
            case STRING_ESCAPE -> {
                endString();
                if (value != '\\') {
                    state = State.ESCAPE;
                    afterEscape(value);
                }
            }
            case GROUND -> {}
        }
    }

    private void afterEscape(int value) {
        state = State.GROUND;
        switch (value) {
            case '[' -> {
                state = State.CSI;
                sequence.begin();
            }
            case ']', 'P', 'X', '^', '_', 'k' -> {
                state = State.STRING;
                operatingSystemCommand = value == ']';
                head.setLength(0);
                stringLength = 0;
            }
            case '(', ')', '*', '+', '#', '%', ' ' -> state = State.CHARSET;
            case '7' -> screen.save();
            case '8' -> screen.restore();
            case 'D' -> screen.lineFeed();
            case 'E' -> {
                screen.carriageReturn();
                screen.lineFeed();
            }
            case 'M' -> screen.reverseLineFeed();
            case 'c' -> {
                marks.erasing(2);
                screen.forget();
            }
            case ESC -> state = State.ESCAPE;
            default -> {}
        }
    }

    private void csi(int value) {
        if (value >= 0x40 && value < 0x7f) {
            state = State.GROUND;
            sequence.run(value);
        } else if (value >= 0x20 && value < 0x40) {
            sequence.add(value);
        } else if (value == ESC) {
            state = State.ESCAPE;
        } else if (value == 0x18 || value == 0x1a) {
            state = State.GROUND;
        } else {
            control(value);
        }
    }

    private void string(int value) {
        if (value == 0x07 || value == 0x18 || value == 0x1a) {
            endString();
        } else if (value == ESC) {
            state = State.STRING_ESCAPE;
        } else if (++stringLength > MAX_STRING) {
            state = State.GROUND;
        } else if (head.length() < 8) {
            head.append((char) value);
        }
    }

    private void endString() {
        state = State.GROUND;
        if (operatingSystemCommand
                && head.length() >= 5
                && (head.indexOf("133;") == 0 || head.indexOf("633;") == 0)) {
            marks.shellMark(head.charAt(4));
        }
    }
}
