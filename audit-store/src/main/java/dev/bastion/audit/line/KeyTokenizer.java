package dev.bastion.audit.line;

/**
 * Cuts an operator's bytes into keys. A terminal's own replies (cursor reports, device attributes,
 * focus, mouse, colours) are no keys and vanish. Bytes may be cut anywhere. Confined to one thread.
 *
 * <p>A lone Escape cannot be told from the begin of a sequence until the next byte comes, or until
 * {@link #pause}.
 */
final class KeyTokenizer {

    private static final int MAX_SEQUENCE = 64;
    private static final int MAX_REPLY = 4_096;

    private enum State {
        GROUND,
        ESCAPE,
        CSI,
        SS3,
        MOUSE,
        REPLY,
        REPLY_ESCAPE
    }

    private final Keys keys;
    private final StringBuilder sequence = new StringBuilder();
    private State state = State.GROUND;
    private boolean pasting;
    private int length;
    private int point;
    private int missing;

    KeyTokenizer(Keys keys) {
        this.keys = keys;
    }

    void reset() {
        state = State.GROUND;
        pasting = false;
        missing = 0;
    }

    void feed(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            int value = bytes[i] & 0xff;
            switch (state) {
                case GROUND -> ground(value);
                case ESCAPE -> escape(value);
                case CSI -> csi(value);
                case SS3 -> {
                    state = State.GROUND;
                    cursorKey(value, "\033O" + (char) value);
                }
                case MOUSE -> {
                    if (++length == 3) {
                        state = State.GROUND;
                    }
                }
                case REPLY -> reply(value);
                case REPLY_ESCAPE -> state = State.GROUND;
            }
        }
    }

    /** No key came for a while: an Escape that waited was the Escape key. */
    void pause() {
        if (state == State.ESCAPE) {
            state = State.GROUND;
            keys.edit(EditKey.UNKNOWN, "\033");
        }
    }

    private void ground(int value) {
        if (missing > 0) {
            if ((value & 0xc0) == 0x80) {
                point = point << 6 | (value & 0x3f);
                if (--missing == 0) {
                    keys.text(Character.isValidCodePoint(point) ? point : 0xfffd, pasting);
                }
                return;
            }
            missing = 0;
        }
        if (value == 0x1b) {
            state = State.ESCAPE;
        } else if (value >= 0x80) {
            if (value >= 0xc2 && value < 0xf5) {
                missing = value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
                point = value & 0x3f >> missing;
            } else {
                keys.text(0xfffd, pasting);
            }
        } else if (value >= 0x20 && value != 0x7f) {
            keys.text(value, pasting);
        } else if (pasting && (value == '\r' || value == '\n' || value == '\t')) {
            keys.text(value == '\r' ? '\n' : value, true);
        } else {
            control((char) value);
        }
    }

    private void control(char value) {
        switch (value) {
            case '\r', '\n', 0x0f -> keys.enter(value);
            case 0x03, 0x1c -> keys.abort(value);
            default -> keys.edit(editOf(value), String.valueOf(value));
        }
    }

    private static EditKey editOf(char value) {
        return switch (value) {
            case 0x01 -> EditKey.HOME;
            case 0x02 -> EditKey.LEFT;
            case 0x04 -> EditKey.END_OF_FILE;
            case 0x05 -> EditKey.END;
            case 0x06 -> EditKey.RIGHT;
            case 0x08, 0x7f -> EditKey.BACKSPACE;
            case 0x0b -> EditKey.KILL_TO_END;
            case 0x0c -> EditKey.REDRAW;
            case 0x15 -> EditKey.KILL_LINE;
            case 0x17 -> EditKey.KILL_WORD;
            case 0x19 -> EditKey.YANK;
            default -> EditKey.UNKNOWN;
        };
    }

    private void escape(int value) {
        sequence.setLength(0);
        length = 0;
        switch (value) {
            case '[' -> state = State.CSI;
            case 'O' -> state = State.SS3;
            case ']', 'P', '_' -> state = State.REPLY;
            case 0x1b -> keys.edit(EditKey.UNKNOWN, "\033");
            default -> {
                state = State.GROUND;
                if (value == '\r' || value == '\n') {
                    keys.text('\n', true);
                } else {
                    keys.edit(EditKey.UNKNOWN, "\033" + (char) value);
                }
            }
        }
    }

    private void csi(int value) {
        if (value < 0x20 || sequence.length() > MAX_SEQUENCE) {
            state = State.GROUND;
            return;
        }
        if (value < 0x40) {
            sequence.append((char) value);
            return;
        }
        state = State.GROUND;
        String parameters = sequence.toString();
        String raw = "\033[" + parameters + (char) value;
        switch (value) {
            case 'R', 'c', 'n', 'y', 't', 'I', 'O' -> {}
            case 'M' -> {
                if (parameters.isEmpty()) {
                    state = State.MOUSE;
                }
            }
            case 'm' -> {}
            case '~' -> tilde(parameters, raw);
            default -> cursorKey(parameters.isEmpty() ? value : 0, raw);
        }
    }

    private void tilde(String parameters, String raw) {
        switch (parameters) {
            case "200" -> pasting = true;
            case "201" -> pasting = false;
            case "1", "7" -> keys.edit(EditKey.HOME, raw);
            case "4", "8" -> keys.edit(EditKey.END, raw);
            case "3" -> keys.edit(EditKey.DELETE, raw);
            default -> keys.edit(EditKey.UNKNOWN, raw);
        }
    }

    private void cursorKey(int letter, String raw) {
        keys.edit(
                switch (letter) {
                    case 'C' -> EditKey.RIGHT;
                    case 'D' -> EditKey.LEFT;
                    case 'H' -> EditKey.HOME;
                    case 'F' -> EditKey.END;
                    default -> EditKey.UNKNOWN;
                },
                raw);
    }

    private void reply(int value) {
        if (value == 0x07 || ++length > MAX_REPLY) {
            state = State.GROUND;
        } else if (value == 0x1b) {
            state = State.REPLY_ESCAPE;
        }
    }
}
