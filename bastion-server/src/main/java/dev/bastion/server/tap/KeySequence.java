package dev.bastion.server.tap;

/**
 * Follows the escape sequences of keys (xterm's, in CSI and SS3 form) and applies those that simple
 * editing knows to the line; a bracketed paste's marks are remembered. Confined to its tap's lock.
 */
final class KeySequence {

    private enum State {
        NONE,
        ESCAPE,
        SS3,
        CSI
    }

    private static final int PARAMETER_LIMIT = 16;

    private final StringBuilder parameters = new StringBuilder();
    private State state = State.NONE;
    private boolean paste;

    /** Whether the code point belongs to a sequence; a line end never does. */
    boolean next(int point, TypedLine line) {
        if (point < 0x20 && point != 0x1b) {
            state = State.NONE;
            return false;
        }
        switch (state) {
            case NONE -> {
                if (point != 0x1b) {
                    return false;
                }
                state = State.ESCAPE;
            }
            case ESCAPE -> {
                parameters.setLength(0);
                state = point == '[' ? State.CSI : point == 'O' ? State.SS3 : State.NONE;
            }
            case SS3 -> {
                apply(point, line);
                state = State.NONE;
            }
            case CSI -> {
                if (point >= 0x40) {
                    apply(point, line);
                    state = State.NONE;
                } else if (parameters.length() < PARAMETER_LIMIT) {
                    parameters.appendCodePoint(point);
                }
            }
        }
        return true;
    }

    /** Whether a bracketed paste is under way: a line editor takes its line ends as text. */
    boolean inPaste() {
        return paste;
    }

    private void apply(int last, TypedLine line) {
        switch (last) {
            case 'C' -> line.right();
            case 'D' -> line.left();
            case 'H' -> line.home();
            case 'F' -> line.end();
            case '~' -> {
                switch (parameters.toString()) {
                    case "1", "7" -> line.home();
                    case "4", "8" -> line.end();
                    case "3" -> line.deleteUnderCursor();
                    case "200" -> paste = true;
                    case "201" -> paste = false;
                    default -> {}
                }
            }
            default -> {}
        }
    }
}
