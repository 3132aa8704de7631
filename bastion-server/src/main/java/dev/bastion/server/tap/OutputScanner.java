package dev.bastion.server.tap;

/**
 * Reads what the host shows for the little that echo detection needs: printed characters, line
 * feeds, and the marks with which line editors switch bracketed paste on and off (xterm's {@code
 * CSI ? 2004 h} and {@code l}). Escape sequences (ECMA-48) are skipped. Constant memory. Confined
 * to its tap's lock.
 */
final class OutputScanner {

    /** What is told about. */
    interface Listener {
        void printed(int point);

        void lineFeed();

        void carriageReturn();

        void backspace();

        void lineEditor(boolean active);
    }

    private enum State {
        TEXT,
        ESCAPE,
        CSI,
        STRING,
        STRING_ESCAPE,
        CHARSET
    }

    private static final int PARAMETER_LIMIT = 32;

    private final Utf8Decoder utf8 = new Utf8Decoder();
    private final StringBuilder parameters = new StringBuilder();
    private State state = State.TEXT;

    void scan(byte[] bytes, int offset, int length, Listener listener) {
        for (int i = offset; i < offset + length; i++) {
            int point = utf8.next(bytes[i]);
            if (point != Utf8Decoder.INCOMPLETE) {
                next(point, listener);
            }
        }
    }

    /** Whether what was scanned ends between two characters and two escape sequences. */
    boolean isBetween() {
        return state == State.TEXT && !utf8.isPartial();
    }

    private void next(int point, Listener listener) {
        switch (state) {
            case TEXT -> text(point, listener);
            case ESCAPE -> escape(point);
            case CSI -> csi(point, listener);
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

    private void text(int point, Listener listener) {
        if (point == 0x1b) {
            state = State.ESCAPE;
        } else if (point == '\n') {
            listener.lineFeed();
        } else if (point == '\r') {
            listener.carriageReturn();
        } else if (point == '\b') {
            listener.backspace();
        } else if (point >= 0x20 && point != 0x7f) {
            listener.printed(point);
        }
    }

    private void escape(int point) {
        switch (point) {
            case '[' -> {
                parameters.setLength(0);
                state = State.CSI;
            }
            case ']', 'P', '_', '^', 'X' -> state = State.STRING;
            case '(', ')', '*', '+', '#', '%', ' ' -> state = State.CHARSET;
            default -> state = State.TEXT;
        }
    }

    private void csi(int point, Listener listener) {
        if (point < 0x40) {
            if (point == 0x1b) {
                state = State.ESCAPE;
            } else if (parameters.length() < PARAMETER_LIMIT) {
                parameters.appendCodePoint(point);
            }
            return;
        }
        state = State.TEXT;
        if ((point == 'h' || point == 'l') && parameters.toString().equals("?2004")) {
            listener.lineEditor(point == 'h');
        }
    }
}
