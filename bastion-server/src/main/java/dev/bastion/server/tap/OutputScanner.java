package dev.bastion.server.tap;

/**
 * Follows characters and escape sequences (ECMA-48) to know where one ends. Constant memory.
 * Confined to its owner's lock.
 */
final class OutputScanner {

    private enum State {
        TEXT,
        ESCAPE,
        CSI,
        STRING,
        STRING_ESCAPE,
        CHARSET
    }

    private final Utf8Decoder utf8 = new Utf8Decoder();
    private State state = State.TEXT;

    void next(byte value) {
        int point = utf8.next(value);
        if (point != Utf8Decoder.INCOMPLETE) {
            next(point);
        }
    }

    /** Whether what was scanned ends between two characters and two escape sequences. */
    boolean isBetween() {
        return state == State.TEXT && !utf8.isPartial();
    }

    private void next(int point) {
        switch (state) {
            case TEXT -> state = point == 0x1b ? State.ESCAPE : State.TEXT;
            case ESCAPE -> escape(point);
            case CSI -> {
                if (point == 0x1b) {
                    state = State.ESCAPE;
                } else if (point >= 0x40) {
                    state = State.TEXT;
                }
            }
            case STRING -> {
                if (point == 0x07) {
                    state = State.TEXT;
                } else if (point == 0x1b) {
                    state = State.STRING_ESCAPE;
                }
            }
            case STRING_ESCAPE -> state = point == '\\' ? State.TEXT : State.STRING;
            case CHARSET -> state = State.TEXT;
        }
    }

    private void escape(int point) {
        state =
                switch (point) {
                    case '[' -> State.CSI;
                    case ']', 'P', '_', '^', 'X' -> State.STRING;
                    case '(', ')', '*', '+', '#', '%', ' ' -> State.CHARSET;
                    default -> State.TEXT;
                };
    }
}
